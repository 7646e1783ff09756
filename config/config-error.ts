/** One thing wrong with the configuration, for a person. */
export interface ConfigProblem {
  /** The variable to change, or the file and line. */
  readonly where: string;
  /** What is wrong and what is allowed. Never holds a secret. */
  readonly problem: string;
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ where, problem }) => `  ${where}: ${problem}`);
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`The configuration has ${count}:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
