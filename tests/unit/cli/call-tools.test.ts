import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { percentiles } from '../../../cli/call/percentiles.js';
import { readScript } from '../../../cli/call/read-script.js';
import { StereoRecorder } from '../../../cli/call/stereo-recorder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-call-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a script', () => {
  const script = async (text: string): Promise<string> => {
    const path = join(folder, 'script.txt');
    await writeFile(path, text);
    return path;
  };
  const speak = (text: string) =>
    Promise.resolve({ samples: new Int16Array(text.length * 480).fill(9000), latencyMs: 1 });

  it('has a clip a line, without comments and empty lines', async () => {
    const path = await script('# a talk\n\nHello.\r\n  What time is it?  \n');
    const clips = await readScript(path, speak);
    expect(clips.map(({ name }) => name)).toEqual(['Hello.', 'What time is it?']);
    expect(clips[0]?.speechEndMs).toBe(60);
  });

  it.each([
    ['nothing to say', '# only this\n', /has no line to say/],
    ['a line without end', 'a'.repeat(2000), /2000 characters/],
  ])('with %s is refused', async (_name, text, sentence) => {
    await expect(readScript(await script(text), speak)).rejects.toThrow(sentence);
  });

  it('that cannot be spoken says which line and why', async () => {
    const path = await script('Hello.\n');
    const refuse = () => Promise.reject(new Error('no voice'));
    await expect(readScript(path, refuse)).rejects.toThrow('"Hello." cannot be spoken: no voice');
    const silent = () => Promise.resolve({ samples: new Int16Array(0), latencyMs: 0 });
    await expect(readScript(path, silent)).rejects.toThrow('spoken as silence');
  });

  it('that is not there is named', async () => {
    await expect(readScript(join(folder, 'none.txt'), speak)).rejects.toThrow('ENOENT');
  });
});

describe('a recording', () => {
  it('has the caller on the left and the agent on the right, each where it was', () => {
    let now = 1000;
    const recorder = new StereoRecorder(1000, () => now);
    // 100 samples are 100 ms. The caller speaks from 0 to 200 ms, the agent from 500 to 600 ms.
    now = 1100;
    recorder.add('caller', new Int16Array(100).fill(1));
    now = 1230; // a late timer
    recorder.add('caller', new Int16Array(100).fill(2));
    now = 1600;
    recorder.add('agent', new Int16Array(100).fill(3));
    const wav = new wavefile.WaveFile(recorder.toWav());
    expect(wav.fmt).toMatchObject({ numChannels: 2, sampleRate: 1000, bitsPerSample: 16 });
    const [left, right] = wav.getSamples(false, Int16Array) as unknown as [Int16Array, Int16Array];
    expect(left).toHaveLength(600);
    expect([left[0], left[99], left[100], left[199], left[200]]).toEqual([1, 1, 2, 2, 0]);
    expect([right[499], right[500], right[599]]).toEqual([0, 3, 3]);
    expect(recorder.droppedMs).toBe(0);
  });

  it('that is full counts what is not in it', () => {
    let now = 0;
    const recorder = new StereoRecorder(1000, () => now);
    now = 21 * 60_000;
    recorder.add('caller', new Int16Array(50));
    expect(recorder.droppedMs).toBe(50);
  });
});

describe('percentiles', () => {
  it('are values that were measured', () => {
    const values = Array.from({ length: 20 }, (_, index) => (index + 1) * 10);
    expect(percentiles([...values.reverse(), undefined])).toEqual({
      count: 20,
      p50: 100,
      p90: 180,
      p95: 190,
      max: 200,
    });
  });

  it('of nothing are none', () => {
    expect(percentiles([undefined])).toBeUndefined();
  });
});
