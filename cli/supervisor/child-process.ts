import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { killProcessGroup } from './kill-process-group.js';
import { LineSplitter } from './line-splitter.js';
import { readLogLine, type LogLine } from './log-line.js';
import type { ChildCommand } from './part.js';
import type { Guardian } from './start-guardian.js';

/** A started part: its end, why it came, and the means to bring it about. */
export interface ChildProcess {
  /** Resolves with the reason, in words, when the process has ended and nothing of its group is left. */
  readonly ended: Promise<string>;
  /** Asks it to end; kills the whole group after a while. Resolves, when it has ended, with how. */
  readonly stop: (killAfterMs: number) => Promise<'ended' | 'killed'>;
}

/** Groups that are alive, for `killAllGroups`. */
const liveGroups = new Set<number>();

/** For the last moment of this process, where nothing can be awaited any more. */
export function killAllGroups(): void {
  for (const group of liveGroups) killProcessGroup(group, 'SIGKILL');
}

/**
 * Starts a child that leads a process group of its own: a Ctrl-C in the terminal reaches only the
 * supervisor, which then ends the parts in the right order, and one signal reaches all that a part forked.
 */
export function startChild(
  command: ChildCommand,
  guardian: Guardian,
  onLine: (line: LogLine) => void,
): ChildProcess {
  const child = execa(command.file, command.args, {
    env: command.env ?? {},
    detached: true,
    // execa would send SIGTERM to the leader only, when this process exits: killAllGroups does more.
    cleanup: false,
    reject: false,
    buffer: false,
    ...(command.input === undefined ? { stdin: 'ignore' } : { input: command.input }),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const group = child.pid;
  let lastLine: string | undefined;
  let lastError: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    const splitter = new LineSplitter((raw) => {
      const line = readLogLine(raw);
      lastLine = line.text;
      if (line.level === 'error') lastError = line.text;
      onLine(line);
    });
    stream.on('data', (chunk: Buffer) => {
      splitter.write(chunk);
    });
    stream.on('end', () => {
      splitter.end();
    });
  }
  if (group !== undefined) {
    liveGroups.add(group);
    guardian.watch(group);
  }

  // What the leader forked is of no use without it, holds its ports and would keep its output open:
  // killed as soon as the leader is gone, before waiting for the end of the output.
  child.once('exit', () => {
    if (group !== undefined) killProcessGroup(group, 'SIGKILL');
  });
  const ended = waitForEnd(child, group).then((how) => {
    if (group !== undefined) {
      liveGroups.delete(group);
      guardian.forget(group);
    }
    const because = lastError ?? lastLine;
    return because === undefined ? how : `${how}: ${because}`;
  });

  return {
    ended,
    stop: async (killAfterMs) => {
      let how: 'ended' | 'killed' = 'ended';
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        how = 'killed';
        if (group !== undefined) killProcessGroup(group, 'SIGKILL');
      }, killAfterMs);
      await ended;
      clearTimeout(timer);
      return how;
    },
  };
}

/** What execa's result says of an end, as far as it is used. */
interface ChildEnd {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
}

/**
 * A killed group is gone within a moment; its ports are free only then. Not waited for longer, because in a
 * container whose first process does not reap (no init) the dead stay listed for ever.
 */
const GROUP_GONE_WITHIN_MS = 200;
const LOOK_AGAIN_MS = 10;

async function waitForEnd(
  child: PromiseLike<ChildEnd>,
  group: number | undefined,
): Promise<string> {
  const end = await child;
  if (group === undefined)
    return `could not be started (${end.originalMessage ?? 'unknown reason'})`;
  const deadline = Date.now() + GROUP_GONE_WITHIN_MS;
  while (killProcessGroup(group, 0) && Date.now() < deadline) await sleep(LOOK_AGAIN_MS);
  return end.signal ? `ended by ${end.signal}` : `ended with exit code ${end.exitCode ?? '?'}`;
}
