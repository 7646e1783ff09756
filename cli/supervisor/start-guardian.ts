import { execa } from 'execa';
import { entryCommand } from './entry-command.js';

/** Told of every process group, so that none outlives a supervisor that was killed. */
export interface Guardian {
  readonly watch: (groupId: number) => void;
  readonly forget: (groupId: number) => void;
  /** Ends the guardian. It first kills whatever it was not told to forget. */
  readonly close: () => Promise<void>;
}

/** Starts the guardian process (guardian-process.ts). Its own death is survived: it is only a safety net. */
export function startGuardian(): Guardian {
  const { file, args } = entryCommand('cli/supervisor/guardian-process');
  const child = execa(file, args, {
    detached: true,
    cleanup: false,
    reject: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  // A guardian that died is noticed as EPIPE; the parts do not need it to run.
  child.stdin.on('error', () => undefined);
  const send = (line: string): void => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  return {
    watch: (groupId) => {
      send(`+${groupId}`);
    },
    forget: (groupId) => {
      send(`-${groupId}`);
    },
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
}
