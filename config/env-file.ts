import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, type ConfigProblem } from './config-error.js';

/** A `.env` above this many bytes is not one: somebody named the wrong file. */
const MAX_ENV_FILE_BYTES = 256 * 1024;

const ASSIGNMENT = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_.]*\s*=(.*)$/;

/**
 * Reads a `.env` file with Node's own parser, after looking for the lines that it would drop in silence.
 * @param path File to read; a missing file is an empty one.
 * @throws {ConfigError} naming each malformed line, without its content: it may be a secret.
 */
export const readEnvFile = (path: string): Record<string, string | undefined> => {
  const bytes = readIfPresent(path);
  if (!bytes) return {};
  if (bytes.length > MAX_ENV_FILE_BYTES) {
    throw new ConfigError([
      {
        where: path,
        problem: `is ${bytes.length} bytes long; a .env file may have ${MAX_ENV_FILE_BYTES}.`,
      },
    ]);
  }
  const text = decode(path, bytes);
  const problems = malformedLines(path, text);
  if (problems.length > 0) throw new ConfigError(problems);
  return parseEnv(text);
};

const readIfPresent = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ConfigError([{ where: path, problem: `cannot be read (${code ?? message}).` }]);
  }
};

const decode = (path: string, bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError([{ where: path, problem: 'is not UTF-8 text; save it as UTF-8.' }]);
  }
};

const malformedLines = (path: string, text: string): ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const where = `${path} line ${index + 1}`;
    if (/^\s*(#|$)/.test(line)) continue;
    const value = ASSIGNMENT.exec(line)?.[1]?.trimStart();
    if (value === undefined) {
      problems.push({ where, problem: 'is not NAME=value, a comment (#) or empty.' });
      continue;
    }
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
    // A quoted value may run over several lines: skip to the one that closes it.
    const end = lines.findIndex((later, at) => at > index && later.includes(quote));
    if (end === -1) {
      problems.push({ where, problem: `opens a quote (${quote}) that nothing closes.` });
      break;
    }
    index = end;
  }
  return problems;
};
