import type { TTSBackend } from '../backends/tts/tts-backend.js';
import { EngineQueue } from '../queue/engine-queue.js';
import type { SynthesiseRequest, TextToSpeechEngine, Voice } from './text-to-speech-engine.js';

/** Clauses that may wait: one takes about 0.2 s, and a voice that starts after 5 s is of no use. */
export const TTS_MAX_WAITING = 24;
/** Longest wait of a clause, in ms. */
export const TTS_MAX_WAIT_MS = 15_000;

/** Any backend as the voice of many: one clause at a time, so that every caller gets its turn. */
export class QueuedSynthesiser implements TextToSpeechEngine {
  readonly model: string;
  readonly #backend: TTSBackend;
  readonly #queue = new EngineQueue({
    name: 'text-to-speech',
    concurrency: 1,
    maxWaiting: TTS_MAX_WAITING,
    maxWaitMs: TTS_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  constructor(model: string, backend: TTSBackend) {
    this.model = model;
    this.#backend = backend;
  }

  get voices(): readonly Voice[] {
    return this.#backend.getVoices();
  }

  async synthesise(request: SynthesiseRequest): Promise<Uint8Array> {
    const { text, speed, sampleRate, signal } = request;
    const voice = this.voices.some(({ id }) => id === request.voice) ? request.voice : undefined;
    const { audio } = await this.#queue.run(
      () => this.#backend.synthesize(text, { voice, speed, sampleRate, signal }),
      { signal },
    );
    return new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  }
}
