import '../support/framework-logger.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainLines } from '../support/faults/chain-lines.js';
import { httpLines } from '../support/faults/http-lines.js';
import { sttLines } from '../support/faults/stt-lines.js';
import { ttsLines } from '../support/faults/tts-lines.js';
import { ensureToxiproxy, FaultProxy } from '../support/toxiproxy.js';

/** The short lines of `npm run bench -- faults`, of which the long ones take minutes. */
const path = await ensureToxiproxy();
if (path === undefined) console.warn('no toxiproxy (needs Go): the lines through it are left out');

let faults: FaultProxy | undefined;
beforeAll(async () => {
  if (path !== undefined) faults = await FaultProxy.start(path);
});
afterAll(async () => {
  await faults?.stop();
});

const lines = [
  ...sttLines(path !== undefined, () => faults),
  ...chainLines(),
  ...httpLines(),
  ...ttsLines(),
];

describe.concurrent('faults', () => {
  it.each(lines.filter(({ quick }) => quick))('$name: $target', async ({ ours }) => {
    const { ok, text } = await ours();
    expect(ok, text).toBe(true);
  });
});
