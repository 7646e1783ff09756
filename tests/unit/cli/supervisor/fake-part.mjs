/* global setInterval, setTimeout */
// A part as small as can be: node fake-part.mjs PORT [behaviour…], listens on PORT and does as told.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, ...behaviours] = process.argv.slice(2);
const does = (name) => behaviours.includes(name);

// A grandchild that ignores SIGTERM, as a worker's job process in a call would.
if (does('fork')) {
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
  const grandchild = spawn(process.execPath, ['-e', script], { stdio: 'inherit' });
  console.log(`forked ${grandchild.pid}`);
}
if (does('ignore-sigterm')) process.on('SIGTERM', () => console.log('SIGTERM ignored'));
if (does('refuse')) {
  console.error('Error: the model file is broken');
  process.exit(3);
}
if (does('never-ready')) setInterval(() => {}, 1000);
else {
  const server = createServer((request, response) => {
    if (request.url === '/die') {
      console.error('Error: told to die');
      process.exit(7);
    }
    response.end('ok');
  });
  const delayMs = does('slow') ? 400 : 0;
  setTimeout(
    () => server.listen(Number(port), '127.0.0.1', () => console.log('listening')),
    delayMs,
  );
}
