import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readEnvFile } from './env-file.js';

/** Variables as the process sees them; an empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the variables come from; the defaults are the process and `.env` in the working directory. */
export interface VariableSources {
  readonly env?: Variables;
  /** `null`: read no file. */
  readonly envFile?: string | null;
}

/** The process's variables over those of the file; empty ones count as not set. */
export const readVariables = ({ env, envFile }: VariableSources = {}): Variables => {
  const file = envFile === null ? {} : readEnvFile(resolve(envFile ?? '.env'));
  const merged = { ...file, ...withoutEmpty(env ?? process.env) };
  return withoutEmpty(merged);
};

const withoutEmpty = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(([, text]) => text !== undefined && text.trim() !== ''),
  );

/** EARSHOT_CACHE_DIR, else `earshot` in the user's cache folder (XDG base directories). */
export const cacheDirectory = (variables: Variables): string =>
  resolve(
    variables.EARSHOT_CACHE_DIR ??
      join(variables.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'earshot'),
  );
