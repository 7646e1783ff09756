/** Every wait and buffer of the supervisor, in one place; tests shorten them. */
export interface SupervisorLimits {
  /** After this long a part that was asked to end (SIGTERM) is killed with its whole process tree. */
  readonly killAfterMs: number;
  /** How long the parts that use another one get to end before that one is asked to. */
  readonly dependantsEndMs: number;
  /** Pause before the first restart of a part that died; doubles with each further death. */
  readonly restartFirstMs: number;
  /** The pause between restarts grows no longer than this. */
  readonly restartLongestMs: number;
  /** A part that was healthy this long starts again at the first pause. */
  readonly restartForgivenAfterMs: number;
  /** Pause between two questions "are you ready?". */
  readonly healthPauseMs: number;
  /** An answer to that question is not waited for longer than this. */
  readonly healthAnswerMs: number;
}

/** Why these values: the whole of stopping must fit into 5 s; a part that cannot start must not busy the machine. */
export const defaultLimits: SupervisorLimits = {
  killAfterMs: 4_000,
  dependantsEndMs: 1_500,
  restartFirstMs: 500,
  restartLongestMs: 10_000,
  restartForgivenAfterMs: 60_000,
  healthPauseMs: 150,
  healthAnswerMs: 5_000,
};
