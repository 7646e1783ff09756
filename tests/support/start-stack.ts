import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadConfig, type AppConfig } from '../../config/load-config.js';
import { freePorts } from './free-ports.js';

/** A first run fetches models and may build livekit-server; 6 min is what the README promises. */
const READY_TIMEOUT_MS = 360_000;

/** A stop is promised within 5 s; what takes longer has failed. */
const STOP_TIMEOUT_MS = 10_000;

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that `npm start` brings up, on ports of its own. */
export interface Stack {
  readonly config: AppConfig;
  readonly playgroundUrl: string;
  readonly inferenceUrl: string;
  /** Of the supervisor. */
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly output: () => string;
  /** @returns how long the stop took, in ms. */
  readonly stop: () => Promise<number>;
}

/**
 * Runs `cli/start.ts` as `npm start` does.
 * @param options.until Waits until a call would be answered, or only until the worker is registered.
 */
export const startStack = async (
  variables: Record<string, string> = {},
  { until = 'ready' }: { until?: 'ready' | 'worker' } = {},
): Promise<Stack> => {
  const [livekit, tcp, udp, inference, worker, playground] = await freePorts(6);
  const env = {
    ...inherited(),
    LIVEKIT_PORT: String(livekit),
    LIVEKIT_TCP_PORT: String(tcp),
    LIVEKIT_UDP_PORT: String(udp),
    INFERENCE_PORT: String(inference),
    WORKER_PORT: String(worker),
    PLAYGROUND_PORT: String(playground),
    ...variables,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/start.ts'], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const stack: Stack = {
    config: loadConfig({ env, envFile: null }),
    playgroundUrl: `http://127.0.0.1:${env.PLAYGROUND_PORT}`,
    inferenceUrl: `http://127.0.0.1:${env.INFERENCE_PORT}`,
    process: child,
    output: () => output,
    stop: () => stop(child),
  };
  const health =
    until === 'ready' ? `${stack.playgroundUrl}/healthz` : `http://127.0.0.1:${env.WORKER_PORT}/`;
  await waitUntilReady(stack, health);
  return stack;
};

/** The environment without variables that would configure the stack from outside. */
const inherited = (): Record<string, string> => {
  const wanted =
    /^(PATH|HOME|USER|LANG|TMPDIR|XDG_\w+|EARSHOT_CACHE_DIR|GO\w+|PIP_\w+|npm_config_\w+)$/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && wanted.test(name) ? [[name, value]] : [],
    ),
  );
};

const waitUntilReady = async (stack: Stack, health: string): Promise<void> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const response = await fetch(health).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    if (stack.process.exitCode !== null || performance.now() > deadline) {
      await stack.stop();
      throw new Error(`npm start did not get ready:\n${stack.output()}`);
    }
    await sleep(200);
  }
};

const stop = async (child: ChildProcess): Promise<number> => {
  if (child.exitCode !== null || child.signalCode !== null) return 0;
  const startedAt = performance.now();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(late);
  return performance.now() - startedAt;
};
