import type { Artefact } from '../../downloads/artefact.js';

/** What a model is for. */
export type ModelKind = 'stt' | 'tts' | 'llm' | 'vad';

/** A model of the catalogue. */
export interface ModelEntry {
  /** Name in the environment variables, in the cache and on the command line. */
  readonly id: string;
  readonly kind: ModelKind;
  /** The library that runs it. */
  readonly engine: string;
  /** Name of the backend that runs it. */
  readonly backend: string;
  /** Who made it, and where it is published. */
  readonly origin: string;
  readonly licence: string;
  /** Fetched apart, since they come from different places, into one directory. */
  readonly parts: readonly Artefact[];
  /** What the engine asks for → path inside the model's directory. */
  readonly files: Readonly<Record<string, string>>;
}

/** Bytes that a model takes in the cache. */
export function modelBytes(entry: ModelEntry): number {
  return entry.parts.flatMap((part) => part.files).reduce((total, file) => total + file.bytes, 0);
}
