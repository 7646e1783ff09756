/**
 * Runs beside the supervisor and outlives it by two seconds at most. A supervisor that is killed with
 * SIGKILL cannot stop its parts: the guardian sees the end of the pipe between them and does it instead.
 * Its input is lines: "+4711" a process group began, "-4711" it ended.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { killProcessGroup } from './kill-process-group.js';

/** Time that the parts get to end by themselves once the supervisor is gone. */
const END_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 50;

const groups = new Set<number>();

// Signals for the whole terminal are the supervisor's to answer; the guardian ends with the pipe.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line.slice(1));
  // 0 and 1 would mean "my own group" and "everything".
  if (!Number.isSafeInteger(group) || group <= 1) continue;
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
}

for (const group of groups) killProcessGroup(group, 'SIGTERM');
const deadline = Date.now() + END_WITHIN_MS;
while (Date.now() < deadline && [...groups].some((group) => killProcessGroup(group, 0))) {
  await sleep(LOOK_AGAIN_MS);
}
for (const group of groups) killProcessGroup(group, 'SIGKILL');
process.exit(0);
