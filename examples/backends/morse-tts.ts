import { NotLoadedError } from '../../inference/backends/not-loaded-error.js';
import { streamBySentence } from '../../inference/backends/tts/stream-by-sentence.js';
import type {
  SynthesisResult,
  SynthesizeOptions,
  TTSBackend,
  TTSBackendDefinition,
} from '../../inference/backends/tts/tts-backend.js';

const NAME = 'morse';
const RATE = 16_000;
/** A dot lasts this long at speed 1, in s: 20 words a minute. */
const DOT_S = 0.06;
const TONE_HZ = 600;
const LOUDNESS = 8000;
const CODES =
  'A.- B-... C-.-. D-.. E. F..-. G--. H.... I.. J.--- K-.- L.-.. M-- N-. O--- P.--. Q--.- R.-. S... T- U..- V...- W.-- X-..- Y-.-- Z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. 9----.';
const CODE_OF = new Map(CODES.split(' ').map((entry) => [entry.slice(0, 1), entry.slice(1)]));

/** Speaks in Morse code: the smallest voice that can be heard and checked. */
class MorseBackend implements TTSBackend {
  readonly name = NAME;
  readonly capabilities = { streaming: true, voiceCloning: false };
  #loaded = false;

  load(): Promise<void> {
    this.#loaded = true;
    return Promise.resolve();
  }

  synthesize(text: string, options: SynthesizeOptions = {}): Promise<SynthesisResult> {
    if (!this.#loaded) return Promise.reject(new NotLoadedError(NAME));
    const { speed = 1, sampleRate = RATE, voice = 'key' } = options;
    if (voice !== 'key') {
      return Promise.reject(
        new RangeError(`There is no voice ${JSON.stringify(voice)}; there is key.`),
      );
    }
    const audio = toneOf(signsOf(text), Math.round((DOT_S / speed) * sampleRate), sampleRate);
    const metadata = { chunkIndex: 0, totalChunks: 1 };
    return Promise.resolve({ audio, sampleRate, voice, text, metadata });
  }

  stream(text: string, options?: SynthesizeOptions): AsyncIterable<SynthesisResult> {
    return streamBySentence(this, text, options);
  }

  getVoices() {
    return this.#loaded ? [{ id: 'key', name: 'Telegraph key', language: 'en', model: NAME }] : [];
  }

  isLoaded(): boolean {
    return this.#loaded;
  }

  unload(): Promise<void> {
    this.#loaded = false;
    return Promise.resolve();
  }
}

/** One character for each dot's time: 1 tone, 0 silence. */
function signsOf(text: string): string {
  const words = text.toUpperCase().split(/\s+/);
  const letter = (code: string): string =>
    Array.from(code)
      .map((sign) => (sign === '-' ? '111' : '1'))
      .join('0');
  return words
    .map((word) =>
      Array.from(word)
        .flatMap((char) => CODE_OF.get(char) ?? [])
        .map(letter)
        .join('000'),
    )
    .join('0000000');
}

function toneOf(signs: string, dotSamples: number, sampleRate: number): Int16Array<ArrayBuffer> {
  const audio = new Int16Array(signs.length * dotSamples);
  for (let i = 0; i < audio.length; i += 1) {
    const on = signs[Math.floor(i / dotSamples)] === '1';
    audio[i] = on ? Math.sin((2 * Math.PI * TONE_HZ * i) / sampleRate) * LOUDNESS : 0;
  }
  return audio;
}

/** Register it with `registerTTSBackend(morseTTS)` before the endpoint starts. */
export const morseTTS: TTSBackendDefinition = {
  name: NAME,
  title: 'Morse code',
  missing: () => undefined,
  expects: 'a folder with a file named morse',
  filesIn: (_folder, names) => (names.includes('morse') ? {} : undefined),
  create: () => new MorseBackend(),
};
