// A supervisor in a process of its own, to be killed by a test: PORT BEHAVIOURS…
import { killAllGroups } from '../../../../cli/supervisor/child-process.js';
import { startGuardian } from '../../../../cli/supervisor/start-guardian.js';
import { Supervisor } from '../../../../cli/supervisor/supervisor.js';
import { fakePart, RecordingDisplay, shortLimits } from './fake-parts.js';

const [port = '0', ...behaviours] = process.argv.slice(2);
const display = new RecordingDisplay();
const parts = [fakePart('worker', Number(port), behaviours)];
const supervisor = new Supervisor(parts, display, startGuardian(), shortLimits);
process.on('exit', killAllGroups);
await supervisor.start();
await display.until(/forked/);
console.log(display.logs.join('\n'));
console.log('up');
process.on('SIGTERM', () => process.exit(1));
