import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import wavefile from 'wavefile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallReport } from '../../cli/call/report.js';
import type { Finding } from '../../cli/doctor/finding.js';
import { startStack, type Stack } from '../support/start-stack.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let stack: Stack;
let folder: string;

/** Runs one of the commands against the stack. */
const run = (file: string, ...args: string[]) => {
  const { livekit, inference, worker, playground } = stack.config;
  const env = {
    LIVEKIT_PORT: String(livekit.port),
    LIVEKIT_TCP_PORT: String(livekit.tcpPort),
    LIVEKIT_UDP_PORT: String(livekit.udpPort),
    INFERENCE_PORT: String(inference.port),
    WORKER_PORT: String(worker.port),
    PLAYGROUND_PORT: String(playground.port),
  };
  const node = ['--import', 'tsx', file, ...args];
  return execa(process.execPath, node, { cwd: repository, env, reject: false });
};
const loudness = (samples: Int16Array): number =>
  samples.reduce((sum, sample) => sum + Math.abs(sample), 0) / samples.length;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-tools-'));
  stack = await startStack({ AGENT_GREETING: 'none' });
}, 400_000);
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true });
});

describe('npm run doctor', () => {
  it('gives no false alarm about what runs well, and says how quick it is', async () => {
    const { stdout, exitCode } = await run('cli/doctor.ts', '--json');
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
    expect([ok, exitCode]).toEqual([true, 0]);
    for (const name of ['stt jetson', 'llm jetson', 'tts jetson']) {
      const finding = findings.find((one) => one.name === name);
      expect(finding, name).toMatchObject({ status: 'ok' });
      expect(finding?.latencyMs, name).toBeGreaterThan(0);
    }
  });
});

describe('npm run call', () => {
  it('says a script twice, with percentiles and a recording of both sides', async () => {
    const [script, recording] = [join(folder, 'talk.txt'), join(folder, 'both.wav')];
    await writeFile(script, '# One question.\nWhat is the capital of France?\n');
    const options = ['--script', script, '--repeat', '2', '--record', recording, '--json'];
    const { stdout, stderr, exitCode } = await run('cli/call.ts', ...options);
    expect(exitCode, stderr).toBe(0);
    const { turns, percentiles } = JSON.parse(stdout) as CallReport;
    expect(turns.map(({ file }) => file)).toEqual([
      'What is the capital of France?',
      'What is the capital of France?',
    ]);
    for (const turn of turns) expect(turn.user).toMatch(/capital of France/i);
    expect(percentiles.endOfSpeechToFirstAudioMs?.count).toBe(2);
    const wav = new wavefile.WaveFile(await readFile(recording));
    expect(wav.fmt).toMatchObject({ numChannels: 2, sampleRate: 24_000 });
    const [caller, agent] = wav.getSamples(false, Int16Array) as unknown as [
      Int16Array,
      Int16Array,
    ];
    expect(loudness(caller)).toBeGreaterThan(50);
    expect(loudness(agent)).toBeGreaterThan(50);
  });

  it('speaks over the answer, and measures how soon it stops', async () => {
    const script = join(folder, 'interrupt.txt');
    await writeFile(
      script,
      'Tell me a long story about the sea.\nWhat is the capital of France?\n',
    );
    const { stdout, stderr } = await run(
      'cli/call.ts',
      '--script',
      script,
      '--interrupt',
      '300',
      '--json',
    );
    const { turns } = JSON.parse(stdout) as CallReport;
    expect(turns, stderr).toHaveLength(2);
    expect(turns[0]).not.toHaveProperty('interruptionToSilenceMs');
    expect(turns[1]?.interruptionToSilenceMs).toBeGreaterThanOrEqual(0);
  });
});
