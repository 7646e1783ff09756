import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClipError, readClip } from '../../../cli/call/read-clip.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-clip-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** One second of a tone, then `silenceMs` of nothing. */
const tone = (sampleRate: number, channels: number, bits: string, silenceMs = 0): Buffer => {
  const length = sampleRate + (sampleRate * silenceMs) / 1000;
  const one = Array.from({ length }, (_, index) => {
    const level = index < sampleRate ? Math.sin((index * 2 * Math.PI * 440) / sampleRate) : 0;
    return bits === '32f' ? level * 0.5 : Math.round(level * 16_000);
  });
  const wav = new wavefile.WaveFile();
  wav.fromScratch(
    channels,
    sampleRate,
    bits,
    Array.from({ length: channels }, () => one),
  );
  return Buffer.from(wav.toBuffer());
};

const file = async (bytes: Buffer): Promise<string> => {
  const path = join(folder, 'clip.wav');
  await writeFile(path, bytes);
  return path;
};

describe('readClip', () => {
  it.each([
    [8000, 1, '16'],
    [22_050, 1, '16'],
    [44_100, 2, '16'],
    [48_000, 2, '16'],
    [16_000, 1, '32f'],
  ])('reads %i Hz, %i channels, %s bits', async (rate, channels, bits) => {
    const { samples, speechEndMs } = await readClip(await file(tone(rate, channels, bits, 500)));
    expect(samples.length / 48_000).toBeCloseTo(1.5, 1);
    expect(speechEndMs).toBeGreaterThan(980);
    expect(speechEndMs).toBeLessThan(1050);
  });

  it('finds no speech in silence', async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 16_000, '16', new Int16Array(16_000));
    expect((await readClip(await file(Buffer.from(wav.toBuffer())))).speechEndMs).toBe(0);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['something else', Buffer.from('this is no audio at all, just text')],
    ['a file cut off in its header', tone(16_000, 1, '16').subarray(0, 20)],
  ])('says what is wrong with %s', async (_name, bytes) => {
    const reading = readClip(await file(bytes));
    await expect(reading).rejects.toThrow(ClipError);
    await expect(reading).rejects.toThrow(/clip\.wav/);
  });

  it('names a file that is not there', async () => {
    await expect(readClip(join(folder, 'nothing.wav'))).rejects.toThrow(/nothing.wav.*ENOENT/);
  });
});
