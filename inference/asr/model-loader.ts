import type { ASRConfig } from './asr-config.js';
import type { ASRProcessor } from './asr-processor.js';

/** A model that was loaded: every stream gets a processor of its own, the weights are shared. */
export interface LoadedASR {
  /** @returns a processor for one stream; the caller calls `init` first and `close` last */
  createProcessor(): ASRProcessor;
  readonly metadata: ASRMetadata;
  /** Frees the model. Called once, when no processor is in use any more. */
  close(): Promise<void> | void;
}

/** What the endpoint tells about a loaded model; a loader may add fields. */
export interface ASRMetadata {
  /** Put between the texts that a processor gives. */
  readonly separator: string;
  readonly [name: string]: unknown;
}

/** What a loader may use beside its configuration. */
export interface LoaderContext {
  /** Absolute path of the model's folder in the models directory; undefined where there is none of that name. */
  readonly modelFolder: string | undefined;
  /** Threads that the model may use. */
  readonly threads: number;
}

/** Makes a recogniser from a configuration. @throws Error that says what is wrong: it is shown to the client */
export interface ModelLoader {
  load(config: ASRConfig, context: LoaderContext): Promise<LoadedASR>;
}
