import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program in the foreground in place of this one: same terminal, same signals.
 * @returns its exit code; 128 and the signal's number when a signal ended it, as a shell says
 */
export const runEntry = async (file: string, args: readonly string[]): Promise<number> => {
  const child = spawn(file, args, { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // Ctrl-C reaches both from the terminal, so only what was sent to this process alone is passed on.
  const ignore = (): void => undefined;
  for (const signal of SIGNALS)
    process.on(signal, signal === 'SIGINT' && process.stdin.isTTY ? ignore : forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
};
