import { execa } from 'execa';

/** How a command ended. */
export interface CommandResult {
  readonly ok: boolean;
  readonly notFound: boolean;
  readonly timedOut: boolean;
  /** The last lines that it wrote to standard error, or in short what happened. */
  readonly reason: string;
}

/** Lines of a command's error output to repeat: the last ones say what was wrong. */
const REASON_LINES = 3;

/**
 * Runs a command to its end. It is ended when the signal aborts, when its time is up, and with this process.
 *
 * @param words - the command and its arguments
 * @returns how it ended; a failure is no exception here
 * @throws the signal's reason when aborted
 */
export async function runCommand(
  words: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<CommandResult> {
  const [command = '', ...rest] = words;
  options.signal?.throwIfAborted();
  const child = execa(command, rest, {
    timeout: options.timeoutMs,
    reject: false,
    stdin: 'ignore',
    env: { ...options.env },
    // The library's own clean-up handles SIGTERM and SIGINT, and ends this process although it is still stopping its other parts.
    cleanup: false,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const endWithUs = (): void => {
    child.kill();
  };
  process.once('exit', endWithUs);
  const result = await child.finally(() => process.off('exit', endWithUs));
  options.signal?.throwIfAborted();
  const lines = result.stderr.trim().split('\n').slice(-REASON_LINES).join(' ');
  return {
    ok: !result.failed,
    notFound: result.code === 'ENOENT',
    timedOut: result.timedOut,
    reason: lines === '' ? (result.shortMessage ?? '') : lines,
  };
}
