import './closed-pipe.js';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { cacheDirectory, readVariables } from '../config/read-variables.js';
import { createProgressRenderer } from '../downloads/progress-renderer.js';
import { UnknownModelError } from '../inference/models/catalogue.js';
import { cacheItems, checkIds, knownIds, type CacheItem } from './models/cache-items.js';
import { fetchItems } from './models/fetch-items.js';
import { verifyItems } from './models/verify-items.js';

/** Exit codes: all well, something could not be fetched or is damaged, the command line is wrong. */
const FAILED = 1;
const USAGE = 2;

interface Options {
  readonly cacheDir: string;
  readonly json?: boolean;
  readonly verify?: boolean;
}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Not once(): proper-lockfile's clean-up ends the process when it finds itself the only one listening.
  process.on(signal, () => {
    stopped.abort(new Error(`Stopped by ${signal}; what was downloaded so far is kept.`));
  });
}

const program = new Command('npm run models --')
  .description(
    'Lists the local models and livekit-server, and fetches what is missing.\n' +
      'list: only list. fetch: fetch the given ids, or all.',
  )
  .argument('[command]', 'list or fetch')
  .argument('[ids...]', 'what to fetch or verify')
  .option('--verify', 'hash every cached model again instead of fetching')
  .option('--json', 'print JSON instead of a table')
  .option('--cache-dir <directory>', 'the cache, instead of that of EARSHOT_CACHE_DIR')
  .exitOverride()
  .action(run);

async function run(
  command: string | undefined,
  ids: string[],
  given: Omit<Options, 'cacheDir'> & { readonly cacheDir?: string },
): Promise<void> {
  if (command !== undefined && command !== 'list' && command !== 'fetch') {
    fail(`There is no command ${JSON.stringify(command)}; there are list and fetch.`, USAGE);
    return;
  }
  checkIds(ids);
  // Only this variable counts here: models can be fetched before the rest of the configuration is right.
  const cacheDir =
    given.cacheDir === undefined ? cacheDirectory(readVariables()) : resolve(given.cacheDir);
  const options: Options = { ...given, cacheDir };
  const chosen = ids.length > 0 ? ids : knownIds();
  if (options.verify === true) {
    await verify(chosen, options);
    return;
  }
  const items = await cacheItems(options.cacheDir);
  if (command !== 'fetch') {
    if (options.json === true && command === 'list') print(JSON.stringify(items, null, 2));
    else if (options.json !== true) print(table(items));
  }
  if (command !== 'list') await fetch(chosen, options);
}

async function fetch(ids: readonly string[], options: Options): Promise<void> {
  // On standard error, so that standard output holds nothing but the table or the JSON.
  const renderer = createProgressRenderer(process.stderr);
  const results = await fetchItems(ids, {
    cacheDir: options.cacheDir,
    onProgress: renderer.onProgress,
    signal: stopped.signal,
  }).finally(renderer.stop);
  if (options.json === true) print(JSON.stringify(results, null, 2));
  const failed = results.filter(({ ok }) => !ok);
  for (const { error } of failed) fail(error ?? '', FAILED);
  if (failed.length === 0 && options.json !== true) {
    print(`${results.length} of ${results.length} ready in ${options.cacheDir}.`);
  }
}

async function verify(ids: readonly string[], options: Options): Promise<void> {
  const results = await verifyItems(ids, options.cacheDir);
  if (options.json === true) print(JSON.stringify(results, null, 2));
  for (const { id, state, problems } of results) {
    if (options.json !== true) print(`${id}: ${state}`);
    for (const problem of problems) fail(`  ${problem}`, FAILED);
  }
  if (results.some(({ state }) => state === 'damaged')) {
    fail('npm run models fetches what is damaged again.', FAILED);
  }
}

function table(items: readonly CacheItem[]): string {
  return items
    .map((item) => {
      const size = item.bytes === undefined ? '' : `${(item.bytes / 1e6).toFixed(1)} MB`;
      const state = item.cached ? `cached (${item.from ?? ''})` : 'not cached';
      return [
        `${item.id.padEnd(24)} ${item.kind.padEnd(7)} ${size.padStart(8)}  ${state}`,
        `  ${item.origin}`,
        `  ${item.licence}`,
      ].join('\n');
    })
    .join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(message: string, code: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its help or complaint already.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else
    fail(
      error instanceof Error ? error.message : String(error),
      error instanceof UnknownModelError ? USAGE : FAILED,
    );
}
