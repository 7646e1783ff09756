import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../clips.js';

export const summary = 'memory of the endpoint with speech-to-text only, and with everything';

/** How long a part may take to load, in ms. */
const READY_MS = 120_000;
/** After the last question, before the memory is read, in ms: allocators give back late. */
const SETTLE_MS = 3000;

/** Starts the endpoint as a user does, asks it once for each thing that it has loaded, and prints its resident memory. */
export async function run(): Promise<void> {
  for (const preload of ['stt', 'stt,tts', 'stt,tts,llm']) {
    const values: number[] = [];
    for (let i = 0; i < 3; i += 1) values.push(await measure(preload));
    const all = values.map((value) => value.toFixed(0)).join(', ');
    process.stdout.write(`${preload.padEnd(12)} ${median(values).toFixed(0)} MB (${all})\n`);
  }
}

async function measure(preload: string): Promise<number> {
  const entry = fileURLToPath(new URL('../../cli/inference.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, '--port', '0'], {
    env: { ...process.env, INFERENCE_PRELOAD: preload, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await addressOf(child.stdout);
    if (preload.includes('tts')) await speak(url);
    if (preload.includes('llm')) await ask(url);
    await delay(SETTLE_MS);
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  let url: string | undefined;
  // Read to its end, whatever it says: a closed pipe would end the endpoint.
  output.on('data', (part: Buffer) => {
    if (url !== undefined) return;
    text += part.toString();
    url = /ready at (?<url>http:\/\/[^"\s]+)/.exec(text)?.groups?.url;
  });
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += 100) {
    await delay(100);
    if (url !== undefined) return url;
  }
  throw new Error(`the endpoint was not ready in ${READY_MS} ms: ${text.slice(-300)}`);
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
}

const speak = (url: string): Promise<void> =>
  post(`${url}/v1/audio/speech`, { input: 'This is a test of the voice.', response_format: 'pcm' });

const ask = (url: string): Promise<void> =>
  post(`${url}/v1/chat/completions`, {
    messages: [{ role: 'user', content: 'Hello!' }],
    max_tokens: 16,
  });
