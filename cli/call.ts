import './closed-pipe.js';
import '../config/production-mode.js';
import { dispose } from '@livekit/rtc-node';
import { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { encodeWav } from '../adapters/audio/wav.js';
import { ConfigError } from '../config/config-error.js';
import { loadConfig } from '../config/load-config.js';
import { ask, CallError, waitForAgent, type Turn } from './call/converse.js';
import { joinRoom } from './call/join-room.js';
import { REPLY_SAMPLE_RATE } from './call/listener.js';
import { ClipError, readClip } from './call/read-clip.js';
import { callReport, renderSummary, renderTurn } from './call/report.js';

interface CallOptions {
  readonly json?: true;
  readonly room?: string;
  readonly out?: string;
}

/** `npm run call -- FILE.wav…`: speaks the files to the agent and says how it answered, and how fast. */
const call = async (files: string[], options: CallOptions): Promise<void> => {
  const config = loadConfig();
  const clips = await Promise.all(files.map(readClip));
  const connection = await joinRoom(
    config,
    options.room === undefined ? {} : { roomName: options.room },
  );
  const turns: Turn[] = [];
  const replyFiles: (string | undefined)[] = [];
  try {
    await waitForAgent(connection);
    for (const clip of clips) {
      const turn = await ask(connection, clip);
      const replyFile = await writeReply(turn, turns.length, clips.length, options.out);
      turns.push(turn);
      replyFiles.push(replyFile);
      if (!options.json) console.log(renderTurn(turn, replyFile));
    }
  } finally {
    await connection.close();
  }
  const report = callReport(turns, replyFiles);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else if (turns.length > 1) console.log(renderSummary(report));
  if (turns.some((turn) => turn.reply.length === 0)) process.exitCode = 1;
};

const writeReply = async (
  turn: Turn,
  index: number,
  count: number,
  out: string | undefined,
): Promise<string | undefined> => {
  if (turn.reply.length === 0) return undefined;
  const number = count > 1 ? `-${index + 1}` : '';
  const path =
    out === undefined
      ? `reply${number}-to-${basename(turn.file)}`
      : out.replace(/(\.wav)?$/i, `${number}.wav`);
  await writeFile(path, encodeWav(turn.reply, REPLY_SAMPLE_RATE));
  return path;
};

const program = new Command('call')
  .description('Speaks WAV files to the agent, and prints both transcripts and how quick it was.')
  .argument('<files...>', 'WAV files, one question each')
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
