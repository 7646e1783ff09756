import './closed-pipe.js';
import '../config/production-mode.js';
import { dispose } from '@livekit/rtc-node';
import { Command, InvalidArgumentError } from 'commander';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { encodeWav } from '../adapters/audio/wav.js';
import { ConfigError } from '../config/config-error.js';
import { loadConfig } from '../config/load-config.js';
import { ask, CallError, waitForAgent, type Turn } from './call/converse.js';
import { joinRoom } from './call/join-room.js';
import { REPLY_SAMPLE_RATE } from './call/listener.js';
import { ClipError, readClip } from './call/read-clip.js';
import { readScript } from './call/read-script.js';
import { record } from './call/record.js';
import { callReport, renderPercentiles, renderSummary, renderTurn } from './call/report.js';
import { speakText } from './call/speak-text.js';

interface CallOptions {
  readonly json?: true;
  readonly room?: string;
  readonly out?: string;
  readonly script?: string;
  readonly repeat: number;
  /** ms; true: the default. */
  readonly interrupt?: number | true;
  readonly record?: string;
}

/** A conversation of a day; more is a mistyped number. */
const MOST_REPEATS = 1000;
/** Time enough for the agent to be in the middle of its first sentence. */
const INTERRUPT_AFTER_MS = 700;

/** `npm run call -- FILE.wav…`: speaks to the agent and says how it answered, and how fast. */
const call = async (files: string[], options: CallOptions): Promise<void> => {
  const config = loadConfig();
  const clips = await Promise.all(files.map(readClip));
  if (options.script !== undefined) {
    clips.push(...(await readScript(options.script, (text) => speakText(config.tts, text))));
  }
  if (clips.length === 0) throw new ClipError('Nothing to say: name WAV files, or a --script.');
  const all = Array.from({ length: options.repeat }, () => clips).flat();
  const answerForMs = options.interrupt === true ? INTERRUPT_AFTER_MS : options.interrupt;
  const connection = await joinRoom(
    config,
    options.room === undefined ? {} : { roomName: options.room },
  );
  const recording = options.record === undefined ? undefined : record(connection);
  const turns: Turn[] = [];
  const replyFiles: (string | undefined)[] = [];
  try {
    await waitForAgent(connection);
    for (const [index, clip] of all.entries()) {
      const turn = await ask(connection, clip, {
        isInterruption: answerForMs !== undefined && index > 0,
        // The last answer is heard to its end.
        answerForMs: index === all.length - 1 ? undefined : answerForMs,
      });
      const replyFile = await writeReply(turn, turns.length, all.length, options);
      turns.push(turn);
      replyFiles.push(replyFile);
      if (!options.json) console.log(renderTurn(turn, replyFile));
    }
  } finally {
    await connection.close();
    if (recording && options.record !== undefined)
      await writeFile(options.record, recording.toWav());
  }
  const report = callReport(turns, replyFiles);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else if (turns.length > 1) console.log(`${renderSummary(report)}\n${renderPercentiles(report)}`);
  if (recording && recording.droppedMs > 0) {
    console.error(
      `The recording is full: ${Math.round(recording.droppedMs / 1000)} s are not in it.`,
    );
  }
  if (turns.some((turn) => turn.reply.length === 0)) process.exitCode = 1;
};

const writeReply = async (
  turn: Turn,
  index: number,
  count: number,
  { out, script, record: whole }: CallOptions,
): Promise<string | undefined> => {
  if (turn.reply.length === 0) return undefined;
  // A recording has them all, and a script's questions are no file names.
  if (out === undefined && (script !== undefined || whole !== undefined)) return undefined;
  const number = count > 1 ? `-${index + 1}` : '';
  const path =
    out === undefined
      ? `reply${number}-to-${basename(turn.file)}`
      : out.replace(/(\.wav)?$/i, `${number}.wav`);
  await writeFile(path, encodeWav(turn.reply, REPLY_SAMPLE_RATE));
  return path;
};

const toCount = (text: string): number => wholeNumber(text, 1, MOST_REPEATS);
const toMs = (text: string): number => wholeNumber(text, 0, 60_000);
const wholeNumber = (text: string, least: number, most: number): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`a whole number from ${least} to ${most} is needed.`);
};

const program = new Command('call')
  .description(
    'Speaks WAV files or a script to the agent, and prints both transcripts and how quick it was.',
  )
  .argument('[files...]', 'WAV files, one question each')
  .option('--script <file>', 'text, one question a line, spoken by the configured voice')
  .option('--repeat <count>', 'say everything this many times; prints percentiles', toCount, 1)
  .option(
    '--interrupt [ms]',
    `speak over each answer, ms after it began (default ${INTERRUPT_AFTER_MS})`,
    toMs,
  )
  .option('--record <file>', 'both sides of the call as a stereo WAV: caller left, agent right')
  .option('--json', 'print one JSON object instead of text')
  .option('--room <name>', 'join this room instead of a new one')
  .option('--out <file>', 'where the reply is written (default: reply-to-FILE.wav)')
  .action(call);

try {
  await program.parseAsync();
} catch (error) {
  const expected =
    error instanceof ConfigError || error instanceof ClipError || error instanceof CallError;
  console.error(
    expected || !(error instanceof Error)
      ? String(error instanceof Error ? error.message : error)
      : `The call failed: ${error.message}`,
  );
  process.exitCode = 1;
} finally {
  await dispose();
}
