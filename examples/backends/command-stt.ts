import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { encodeWav } from '../../inference/audio/encode-wav.js';
import { floatToPcm } from '../../inference/audio/pcm.js';
import { NotLoadedError } from '../../inference/backends/not-loaded-error.js';
import type {
  STTBackend,
  STTBackendDefinition,
  STTLoadOptions,
  TranscribeOptions,
  TranscriptionResult,
} from '../../inference/backends/stt/stt-backend.js';

const NAME = 'command';
/** Longest run of the program, in ms. */
const RUN_MS = 60_000;

/** Speech-to-text by any program that gets the path of a WAV file and prints what was said, such as `whisper-cli -nt -np -f`. */
class CommandBackend implements STTBackend {
  readonly name = NAME;
  readonly capabilities = {
    streaming: false,
    wordTimes: false,
    prompt: false,
    translate: false,
    maxClipMs: 29_000,
  };
  #program: string | undefined;

  load({ files }: STTLoadOptions): Promise<void> {
    this.#program = files.program;
    return this.#program === undefined
      ? Promise.reject(new Error('The model folder has no file named program.'))
      : Promise.resolve();
  }

  async transcribe(
    audio: Float32Array<ArrayBuffer>,
    sampleRate: number,
    { language, signal }: TranscribeOptions = {},
  ): Promise<TranscriptionResult> {
    if (this.#program === undefined) throw new NotLoadedError(NAME);
    const path = join(tmpdir(), `earshot-${randomUUID()}.wav`);
    await writeFile(path, encodeWav(floatToPcm(audio), sampleRate), { mode: 0o600 });
    try {
      const { stdout } = await execa(this.#program, [path], {
        timeout: RUN_MS,
        ...(signal ? { cancelSignal: signal } : {}),
      });
      const text = stdout.trim();
      const durationMs = (audio.length / sampleRate) * 1000;
      const segments = text === '' ? [] : [{ text, startMs: 0, endMs: durationMs }];
      return { text, segments, words: [], language: language ?? 'en', durationMs };
    } finally {
      await rm(path, { force: true });
    }
  }

  getLanguages(): readonly string[] {
    return ['auto'];
  }

  isLoaded(): boolean {
    return this.#program !== undefined;
  }

  unload(): Promise<void> {
    this.#program = undefined;
    return Promise.resolve();
  }
}

/** Register it with `registerSTTBackend(commandSTT)` before the endpoint starts. */
export const commandSTT: STTBackendDefinition = {
  name: NAME,
  title: 'a program that prints what a WAV file says',
  missing: () => undefined,
  expects: 'an executable named program',
  filesIn: (folder, names) =>
    names.includes('program') ? { program: join(folder, 'program') } : undefined,
  create: () => new CommandBackend(),
};
