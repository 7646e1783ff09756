/** What is being done for an item right now. */
export type ProgressPhase =
  'cache' | 'download' | 'registry' | 'convert' | 'verify' | 'build' | 'done';

/** One report about one thing that is being fetched; the last one of an item has phase `done`. */
export interface Progress {
  /** The thing's id, such as a model's: reports of the same item belong to the same line or bar. */
  readonly item: string;
  readonly phase: ProgressPhase;
  /** Bytes there so far. */
  readonly doneBytes?: number;
  /** Bytes in all, where known. */
  readonly totalBytes?: number;
  /** Something worth a line of its own, such as why a source was passed over. */
  readonly note?: string;
}

/** Receives reports; must not throw. */
export type OnProgress = (progress: Progress) => void;
