import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { cacheDirectory, readVariables } from '../../config/read-variables.js';
import { startInference } from '../../inference/start-inference.js';
import { postClip } from '../../tests/support/speech-clips.js';
import { StreamClient } from '../../tests/support/stream-client.js';
import { wordErrorRate } from '../../tests/support/word-error-rate.js';
import { makeClips, median, pcmOf, readClips, type Clip } from '../clips.js';
import { PythonPeers, byName, type Timed } from '../peers/python-peers.js';

export const summary = 'time to the final text and to the first audio, beside Python peers';

const SPOKEN = 'The library in the old town opens at nine and closes late on every Friday.';

interface Options {
  readonly clips?: string;
  readonly threads: string;
  readonly repeats: string;
  readonly peers: boolean;
}

interface Streamed {
  readonly text: string;
  readonly finalMs: number;
  /** From the first speech to the first partial text; undefined when none came before the final. */
  readonly firstPartialMs: number | undefined;
}

export async function run(args: string[]): Promise<void> {
  const program = new Command('npm run bench -- stt')
    .option(
      '--clips <folder>',
      'WAV files (mono, 16 bits) with a .txt beside each; default: our own voice',
    )
    .option('--threads <n>', 'threads of every recogniser', String(availableParallelism()))
    .option('--repeats <n>', 'runs of each utterance, of which the median counts', '3')
    .option('--no-peers', 'measure ours only');
  program.parse(args, { from: 'user' });
  const options = program.opts<Options>();
  const cacheDir = cacheDirectory(readVariables());
  const threads = Number(options.threads);
  const endpoint = await startInference({
    host: '127.0.0.1',
    port: 0,
    sttModel: 'whisper-tiny.en',
    ttsModel: 'piper-en_US-joe-medium',
    llmModel: 'smollm2-135m-instruct',
    preload: ['stt', 'tts'],
    threads,
    cacheDir,
  });
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  try {
    await endpoint.ready;
    const clips = options.clips ? await readClips(options.clips) : await makeClips(endpoint.url);
    const ours = new Map<string, Timed>();
    const streamed = new Map<string, Streamed>();
    for (const clip of clips) {
      ours.set(clip.name, await transcribe(endpoint.url, clip, Number(options.repeats)));
      streamed.set(clip.name, await stream(endpoint.url, clip));
    }
    const firstAudioMs = await firstAudio(endpoint.url, Number(options.repeats) + 2);
    await endpoint.close();
    print(
      `threads ${threads}, load ${loadavg()[0]?.toFixed(2)} on ${availableParallelism()} cores`,
    );
    const finals = [...streamed.values()];
    report('ours, whole clip over HTTP', clips, ours, ours);
    report('ours, live: last audio to final', clips, timesOf(streamed), ours);
    const partials = finals.flatMap(({ firstPartialMs }) => firstPartialMs ?? []);
    print(
      `ours, live: first partial after speech began, median ${inS(median(partials))} of ${partials.length}`,
    );
    print(`ours: first audio of 15 words ${inS(firstAudioMs)}`);
    if (options.peers) await measurePeers(clips, ours, firstAudioMs, folder, cacheDir, options);
  } finally {
    await endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measurePeers(
  clips: readonly Clip[],
  ours: ReadonlyMap<string, Timed>,
  firstAudioMs: number,
  folder: string,
  cacheDir: string,
  { threads, repeats }: Options,
): Promise<void> {
  const files = await Promise.all(
    clips.map(async ({ name, wav }) => {
      const path = join(folder, `${name}.wav`);
      await writeFile(path, wav);
      return path;
    }),
  );
  const home = `${cacheDir}-bench`;
  const peers = await attempt('the peers', () =>
    PythonPeers.install(home, Number(threads), Number(repeats)),
  );
  if (peers === undefined) return;
  const direct = await attempt('faster-whisper', () => peers.fasterWhisper(files));
  if (direct) report('faster-whisper (int8, beam 1)', clips, byName(direct, clips), ours);
  const served = await attempt('wyoming-faster-whisper', () => peers.wyomingFasterWhisper(files));
  if (served) report('wyoming-faster-whisper', clips, byName(served, clips), ours);
  const spoken = await attempt('wyoming-piper', () => peers.wyomingPiper([SPOKEN]));
  const theirsMs = spoken?.[0]?.ms;
  if (theirsMs !== undefined) {
    print(
      `wyoming-piper: first audio of 15 words ${inS(theirsMs)}; ours takes ${(firstAudioMs / theirsMs).toFixed(2)} of it`,
    );
  }
}

/** A peer that cannot be had is said and left out. */
async function attempt<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(`${name}: not measured: ${reason.slice(0, 400)}`);
    return undefined;
  }
}

async function transcribe(url: string, { name, wav }: Clip, repeats: number): Promise<Timed> {
  const times: number[] = [];
  let text = '';
  for (let i = 0; i < repeats; i += 1) {
    const startedMs = performance.now();
    const response = await postClip(url, new Uint8Array(wav));
    ({ text } = (await response.json()) as { text: string });
    times.push(performance.now() - startedMs);
  }
  return { file: name, ms: median(times), text };
}

async function stream(url: string, { wav }: Clip): Promise<Streamed> {
  const { pcm, sampleRate } = pcmOf(wav);
  const client = new StreamClient(url);
  await client.send({ type: 'config', sampleRate });
  await client.until('ready');
  const startedMs = performance.now();
  await client.speak(pcm, sampleRate);
  const lastMs = performance.now();
  await client.send({ type: 'end' });
  await client.until('done');
  const began = client.of('speech-started')[0]?.atMs ?? 0;
  const partial = client.messages.findIndex(
    ({ type }) => type === 'transcript-interim' || type === 'transcript-preflight',
  );
  const last = client.messages.findLastIndex(({ type }) => type === 'transcript-final');
  const text = client.of('transcript-final').map((final) => final.text);
  return {
    text: text.join(' '),
    finalMs: Math.max(0, (client.arrivedMs[last] ?? NaN) - lastMs),
    firstPartialMs:
      partial < 0 ? undefined : (client.arrivedMs[partial] ?? NaN) - startedMs - began,
  };
}

async function firstAudio(url: string, repeats: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i += 1) {
    const startedMs = performance.now();
    const response = await fetch(`${url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: SPOKEN, response_format: 'pcm' }),
    });
    const reader = response.body?.getReader();
    await reader?.read();
    times.push(performance.now() - startedMs);
    for (let more = await reader?.read(); more?.done === false;) more = await reader?.read();
  }
  return median(times);
}

function timesOf(streamed: ReadonlyMap<string, Streamed>): Map<string, Timed> {
  return new Map(
    [...streamed].map(([name, { finalMs, text }]) => [name, { file: name, ms: finalMs, text }]),
  );
}

function report(
  title: string,
  clips: readonly Clip[],
  times: ReadonlyMap<string, Timed>,
  ours: ReadonlyMap<string, Timed>,
): void {
  const said = clips.map(({ text }) => text).join(' ');
  const heard = clips.map(({ name }) => times.get(name)?.text ?? '').join(' ');
  const values = clips.map(({ name }) => times.get(name)?.ms ?? NaN);
  const ratios = clips.map(
    ({ name }) => (ours.get(name)?.ms ?? NaN) / (times.get(name)?.ms ?? NaN),
  );
  const errors = `${(wordErrorRate(said, heard) * 100).toFixed(1)} % words wrong`;
  const ratio = times === ours ? '' : `, ours over HTTP takes ${median(ratios).toFixed(2)} of it`;
  print(
    `${title}: median ${inS(median(values))}, longest ${inS(Math.max(...values))}, ${errors}${ratio}`,
  );
  for (const { name } of clips) print(`    ${name.padEnd(20)} ${inS(times.get(name)?.ms ?? NaN)}`);
}

const inS = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
