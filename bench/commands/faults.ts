import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import type { FaultLine, Outcome } from '../../tests/support/faults/fault-line.js';
import { chainLines } from '../../tests/support/faults/chain-lines.js';
import { enduranceLines } from '../../tests/support/faults/endurance-lines.js';
import { httpLines } from '../../tests/support/faults/http-lines.js';
import { sttLines } from '../../tests/support/faults/stt-lines.js';
import { ttsLines } from '../../tests/support/faults/tts-lines.js';
import { ensureToxiproxy, FaultProxy } from '../../tests/support/toxiproxy.js';

export const summary = 'what breaks, and what is lost: ours beside the native Deepgram plugin';

/** Lines at once: they wait most of the time. */
const AT_ONCE = 4;
/** The native plugin may never come back: a line of it is over after this, in ms. */
const LINE_LIMIT_MS = 300_000;

interface Row {
  readonly line: FaultLine;
  readonly ours: Outcome;
  readonly native: Outcome | undefined;
}

/**
 * Runs the fault table. `--quick`: the part that `npm test` runs. `--ours`: without the native
 * plugin. `--only TEXT`: lines whose name contains it.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      ours: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  initializeLogger({ pretty: false, level: 'silent' });
  // The native plugin rejects promises that nobody holds; the table says what came of it.
  process.on('unhandledRejection', () => undefined);
  const path = await ensureToxiproxy();
  if (path === undefined) process.stderr.write('no toxiproxy (needs Go): its lines are left out\n');
  const faults = path === undefined ? undefined : await FaultProxy.start(path);
  const wanted = (line: FaultLine): boolean =>
    line.name.includes(values.only) && (line.quick || !values.quick);
  const withNative = !values.ours;
  try {
    const waiting = [
      ...sttLines(faults !== undefined, () => faults),
      ...chainLines(),
      ...httpLines(),
      ...ttsLines(),
    ].filter(wanted);
    const rows: Row[] = [];
    for (let at = 0; at < waiting.length; at += AT_ONCE) {
      const batch = waiting.slice(at, at + AT_ONCE);
      rows.push(...(await Promise.all(batch.map((line) => toRow(line, withNative)))));
    }
    for (const line of enduranceLines().filter(wanted)) rows.push(await toRow(line, withNative));
    print(rows, withNative);
    if (rows.some(({ ours }) => !ours.ok)) process.exitCode = 1;
  } finally {
    await faults?.stop();
  }
  // The native plugin leaves sockets and timers behind that would hold the process.
  process.exit();
}

const toRow = async (line: FaultLine, withNative: boolean): Promise<Row> => {
  const ours = await outcome(line.ours);
  const native = withNative && line.native !== undefined ? await outcome(line.native) : undefined;
  process.stderr.write(
    `${line.name}: ${ours.text}${native === undefined ? '' : ` | native: ${native.text}`}\n`,
  );
  return { line, ours, native };
};

const outcome = async (measure: () => Promise<Outcome>): Promise<Outcome> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ text: `not over after ${LINE_LIMIT_MS / 1000} s`, ok: false });
    }, LINE_LIMIT_MS);
  });
  try {
    return await Promise.race([measure(), late]);
  } catch (error) {
    return { text: `failed: ${error instanceof Error ? error.message : String(error)}`, ok: false };
  } finally {
    clearTimeout(timer);
  }
};

const print = (rows: readonly Row[], withNative: boolean): void => {
  const cell = ({ text, ok }: Outcome): string => `${ok ? 'ok' : 'NO'}: ${text}`;
  const head = ['fault', 'target', 'ours', ...(withNative ? ['native Deepgram plugin'] : [])];
  const table = rows.map(({ line, ours, native }) => [
    line.name,
    line.target,
    cell(ours),
    ...(withNative ? [native === undefined ? '–' : cell(native)] : []),
  ]);
  for (const row of [head, head.map(() => '---'), ...table]) {
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
};
