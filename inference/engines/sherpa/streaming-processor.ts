import type { ASROutput, ASRProcessor } from '../../asr/asr-processor.js';
import type { WorkerClient } from '../../worker-rpc/worker-client.js';
import type { HeardSoFar } from './sherpa-stt-worker.js';

/** Audio that is gathered before the model hears it, in samples (0.1 s): a call for every frame would cost more than the model. */
const STEP_SAMPLES = 1600;

/**
 * One stream of a model that hears audio as it comes. No agreement of passes is needed: what the model has written stays, and the
 * text of an utterance is given when it is finished.
 */
export class SherpaStreamingProcessor implements ASRProcessor {
  readonly #worker: WorkerClient;
  #originMs = 0;
  #samples = 0;
  #waiting: Float32Array[] = [];
  #waitingSamples = 0;
  #stream: number | undefined;
  #heard: HeardSoFar | undefined;
  #finished: Promise<unknown> = Promise.resolve();

  constructor(worker: WorkerClient) {
    this.#worker = worker;
  }

  init(offsetMs = 0): void {
    this.#forget();
    this.#originMs = offsetMs;
    this.#samples = 0;
    this.#heard = undefined;
  }

  insertAudioChunk(audio: Float32Array): void {
    this.#waiting.push(audio.slice());
    this.#waitingSamples += audio.length;
    this.#samples += audio.length;
  }

  async processIter(): Promise<undefined> {
    if (this.#waitingSamples >= STEP_SAMPLES) await this.#hear();
    return undefined;
  }

  pending(): ASROutput | undefined {
    return this.#heard === undefined ? undefined : this.#output(this.#heard);
  }

  async finish(): Promise<ASROutput | undefined> {
    if (this.#waitingSamples > 0) await this.#hear();
    if (this.#stream === undefined) return undefined;
    const heard = (await this.#worker.call('finish', this.#stream)) as HeardSoFar;
    this.#stream = undefined;
    this.#heard = undefined;
    return this.#output(heard);
  }

  async close(): Promise<void> {
    this.#forget();
    await this.#finished;
  }

  async #hear(): Promise<void> {
    this.#stream ??= (await this.#worker.call('open', undefined)) as number;
    const samples = new Float32Array(this.#waitingSamples);
    let at = 0;
    for (const part of this.#waiting) {
      samples.set(part, at);
      at += part.length;
    }
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#heard = (await this.#worker.call(
      'hear',
      { id: this.#stream, samples },
      { transfer: [samples.buffer] },
    )) as HeardSoFar;
  }

  #forget(): void {
    this.#waiting = [];
    this.#waitingSamples = 0;
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream === undefined || this.#worker.state !== 'ready') return;
    // A worker that dies meanwhile has forgotten the stream by itself.
    this.#finished = this.#worker.call('close', stream).catch(() => undefined);
  }

  #output({ text, words }: HeardSoFar): ASROutput | undefined {
    if (text === '') return undefined;
    const lengthMs = this.#samples / 16;
    return {
      startMs: this.#originMs + (words[0]?.startMs ?? 0),
      endMs: this.#originMs + (words.at(-1)?.endMs ?? lengthMs),
      text,
    };
  }
}
