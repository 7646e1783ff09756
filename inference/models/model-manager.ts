import type { ASRConfig } from '../asr/asr-config.js';
import type { BackendState } from '../backends/backend-registry.js';
import { llmBackends } from '../backends/llm/llm-registry.js';
import { sttBackends } from '../backends/stt/stt-registry.js';
import { ttsBackends } from '../backends/tts/tts-registry.js';
import type { SpeechToTextSlot } from '../engines/speech-to-text-slot.js';
import { makeRoom, type Unloadable } from './memory-budget.js';
import { chooseSTT, type ChoiceContext } from './stt-choice.js';

/** A load was asked for while another is under way. */
export class LoadInProgressError extends Error {
  override readonly name = 'LoadInProgressError';

  constructor() {
    super('Another model is being loaded; try again when it is done.');
  }
}

/** Settings of a {@link ModelManager}. */
export interface ModelManagerOptions extends ChoiceContext {
  readonly stt: SpeechToTextSlot;
  /** Models that may go when room is needed, the least wanted first. */
  readonly others: readonly Unloadable[];
  /** Cap of the process's memory, in MB. */
  readonly memoryMb?: number | undefined;
}

/** What was loaded. */
export interface LoadReport {
  readonly model: string;
  readonly backend: string;
  /** Wall time of the load. */
  readonly loadMs: number;
}

/** Exchanges models while the endpoint runs, and knows which backends there are. */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  #busy = false;

  constructor(options: ModelManagerOptions) {
    this.#options = options;
  }

  /** Every backend with what keeps it from being used here. */
  backends(): { kind: 'stt' | 'tts' | 'llm'; state: BackendState }[] {
    const kinds = { stt: sttBackends, tts: ttsBackends, llm: llmBackends } as const;
    return (['stt', 'tts', 'llm'] as const).flatMap((kind) =>
      kinds[kind].discover().map((state) => ({ kind, state })),
    );
  }

  /**
   * Loads a recogniser and puts it in place of the one there is: streams that run finish on the old one, which is freed then.
   *
   * @throws ModelNotFoundError, BackendUnavailableError, MemoryCapError, LoadInProgressError, or what the backend says; the old
   * model goes on serving then
   */
  async loadSTT(config: ASRConfig): Promise<LoadReport> {
    if (this.#busy) throw new LoadInProgressError();
    this.#busy = true;
    try {
      const { stt, others, memoryMb } = this.#options;
      const startedMs = performance.now();
      const { choice, bytes } = await chooseSTT(config, this.#options);
      await makeRoom(bytes, memoryMb, others);
      await stt.worker.replace(choice);
      const { model, backend } = choice.description;
      return { model, backend, loadMs: Math.round(performance.now() - startedMs) };
    } finally {
      this.#busy = false;
    }
  }
}
