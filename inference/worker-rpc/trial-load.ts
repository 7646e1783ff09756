import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** Longest trial, in ms: a model that takes longer is none for this machine. */
export const TRIAL_MS = 120_000;
/** Of what the library wrote, the end is shown: there it says what was wrong. */
const SHOWN_CHARS = 300;

/**
 * Loads a model in a process of its own first: the native libraries end the whole process over a file that they cannot read, and a
 * server must not end because of a model folder.
 *
 * @param entry - the worker's module without its extension, and `options` its settings, as for `createWorker`
 * @throws Error with the library's own words when the load fails
 */
export async function trialLoad(entry: URL, options: unknown): Promise<void> {
  const fromSource = import.meta.url.endsWith('.ts');
  const script = new URL(`./trial-load-process${fromSource ? '.ts' : '.js'}`, import.meta.url);
  const loader = fromSource ? ['--import', createRequire(import.meta.url).resolve('tsx')] : [];
  const { failed, stderr, timedOut } = await execa(
    process.execPath,
    [...loader, fileURLToPath(script)],
    {
      input: JSON.stringify({ entry: entry.href, options }),
      timeout: TRIAL_MS,
      reject: false,
      stdout: 'ignore',
    },
  );
  if (!failed) return;
  const words = stderr.trim().replaceAll(/\s+/g, ' ').slice(-SHOWN_CHARS);
  throw new Error(
    timedOut
      ? `The model was not loaded after ${TRIAL_MS / 1000} s.`
      : `The model cannot be loaded: ${words === '' ? 'the library gave no reason' : words}`,
  );
}
