import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, freemem, platform } from 'node:os';
import type { Check, DoctorContext, Finding } from '../finding.js';

/** The engines with their models, the worker with one call, and the page, measured: 1.1 GB. */
const NEEDED_BYTES = 1.2e9;
/** A worker alone, with one call. */
const WORKER_BYTES = 0.5e9;
/** Two cores answer within two seconds; one does not keep up with its own speech. */
const FEWEST_CORES = 2;
const OLDEST_NODE = [20, 19] as const;

/** Memory, CPU and Node.js. */
export const checkMachine: Check = async (context) => [
  checkNode(process.versions.node),
  await checkMemory(context),
  ...(context.config.needsLocalInference ? [await checkCpu()] : []),
];

const checkNode = (version: string): Finding => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return { name: 'node', status: 'ok', detail: `Node.js ${version}.` };
  return {
    name: 'node',
    status: 'fail',
    detail: `Node.js ${version} is too old.`,
    remedy: `Install Node.js ${OLDEST_NODE.join('.')} or newer.`,
  };
};

const checkMemory = async ({ config }: DoctorContext): Promise<Finding> => {
  const free = await availableBytes();
  const needed = config.needsLocalInference ? NEEDED_BYTES : WORKER_BYTES;
  const detail = `${gigabytes(free)} available, ${gigabytes(needed)} needed.`;
  if (free >= needed) return { name: 'memory', status: 'ok', detail };
  return {
    name: 'memory',
    // What runs already uses part of it, so this is a hint and no verdict.
    status: 'warn',
    detail,
    remedy: 'Close other programs, or run the models on another machine (JETSON_URL).',
  };
};

/** Linux counts caches as used in freemem; MemAvailable is what a program can have. */
const availableBytes = async (): Promise<number> => {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return available === undefined ? freemem() : Number(available) * 1024;
};

const checkCpu = async (): Promise<Finding> => {
  const cores = availableParallelism();
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined);
  const features =
    text === undefined
      ? []
      : ['avx2', 'avx512f', 'asimd'].filter((f) => new RegExp(`\\b${f}\\b`).test(text));
  const what = `${cores} cores, ${platform()} ${arch()}${features.length > 0 ? ` with ${features.join(', ')}` : ''}.`;
  if (cores < FEWEST_CORES) {
    return {
      name: 'cpu',
      status: 'warn',
      detail: what,
      remedy: 'Give it two cores or more, or run the models elsewhere (JETSON_URL).',
    };
  }
  if (arch() === 'x64' && text !== undefined && !features.includes('avx2')) {
    return {
      name: 'cpu',
      status: 'warn',
      detail: `${what} Without AVX2 speech is recognised several times more slowly.`,
      remedy: 'Run the models on another machine (JETSON_URL).',
    };
  }
  return { name: 'cpu', status: 'ok', detail: what };
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
