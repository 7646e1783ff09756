import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { extract, list } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let tarball: string;

/** `earshot …` of a place. */
const earshot = (place: string, args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [join(place, 'bin/earshot.mjs'), ...args], {
    cwd: folder,
    env,
    reject: false,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-package-'));
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: repository,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  tarball = join(folder, packed?.filename ?? '');
  await extract({ file: tarball, cwd: folder });
  await symlink(join(repository, 'node_modules'), join(folder, 'package', 'node_modules'));
  await mkdir(join(folder, 'cache'));
});
afterAll(() => rm(folder, { recursive: true }));

const places = [
  // The programs are the same; a few suffice to show that the sources run.
  ['the checkout', () => repository, ['models', 'start']],
  [
    'the unpacked package',
    () => join(folder, 'package'),
    ['models', 'call', 'doctor', 'inference', 'worker', 'start'],
  ],
] as const;

describe.each(places)('earshot from %s', (_name, place, commands) => {
  it('says what it can do', async () => {
    const { stdout, exitCode } = await earshot(place(), ['--help']);
    expect(exitCode).toBe(0);
    for (const command of ['start', 'worker', 'inference', 'call', 'doctor', 'models', 'bench']) {
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    }
  });

  it.each(commands)('%s has help of its own', async (command) => {
    const { stdout, exitCode } = await earshot(place(), [command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Usage:');
  });

  it('lists the models', async () => {
    const cache = ['--cache-dir', join(folder, 'cache')];
    const { stdout } = await earshot(place(), ['models', 'list', '--json', ...cache]);
    const items = JSON.parse(stdout) as { id: string; cached: boolean }[];
    expect(items.map(({ id }) => id)).toContain('whisper-tiny.en');
  });

  it('passes exit codes on', async () => {
    const doctor = await earshot(place(), ['doctor', '--json'], { STT_PROVIDER: 'nobody' });
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toContain('STT_PROVIDER is \\"nobody\\"');
    expect((await earshot(place(), ['dance'])).exitCode).toBe(1);
  });
});

it('the package has what runs and nothing else', async () => {
  const paths: string[] = [];
  await list({ file: tarball, onReadEntry: ({ path }) => paths.push(path) });
  for (const path of [
    'package/bin/earshot.mjs',
    'package/dist/cli/earshot.js',
    'package/dist/agent/main.js',
    'package/dist/livekit.yaml',
    'package/dist/playground/public/index.html',
    'package/dist/cli/doctor/sentence.wav',
    'package/README.md',
    'package/LICENSE',
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.filter((path) => /\/tests\/|\.env$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});
