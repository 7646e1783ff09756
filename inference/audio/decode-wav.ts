import wavefile from 'wavefile';
import { InputError } from '../worker-rpc/input-error.js';
import { pcmToFloat } from './pcm.js';

/** Rates a clip may have, in Hz: telephone to studio. Others are broken headers far more often than audio. */
export const WAV_MIN_RATE = 4000;
export const WAV_MAX_RATE = 192_000;
/** Channels a clip may have. */
export const WAV_MAX_CHANNELS = 8;
/** Header sizes that programs write when they stream a WAV and do not know its length yet. */
const UNKNOWN_LENGTHS = new Set([0, 0xffffffff, 0x7fffffff, 0x7ffff000, 0xfffff000]);

/** A decoded clip before it is resampled. */
export interface DecodedWav {
  readonly sampleRate: number;
  /** Mono: channels are averaged. */
  readonly samples: Float32Array<ArrayBuffer>;
}

interface Header {
  readonly sampleRate: number;
  readonly numChannels: number;
}

/**
 * Decodes a WAV file with `wavefile` to mono float samples at its own rate.
 *
 * @throws InputError that says what is wrong with the file
 */
export function decodeWav(file: Uint8Array<ArrayBuffer>): DecodedWav {
  if (file.byteLength === 0) throw new InputError('The audio file is empty (0 bytes).');
  const wav = new wavefile.WaveFile();
  try {
    wav.fromBuffer(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `The file (${file.byteLength} bytes) cannot be read as WAV: ${reason} Send a RIFF WAV file with PCM audio.`,
    );
  }
  const { sampleRate, numChannels } = wav.fmt as Header;
  const data = wav.data as { readonly chunkSize: number; readonly samples: Uint8Array };
  check(sampleRate, numChannels);
  const announced = data.chunkSize;
  if (data.samples.byteLength < announced && !UNKNOWN_LENGTHS.has(announced)) {
    throw new InputError(
      `The WAV file is truncated: its header announces ${announced} bytes of audio, ${data.samples.byteLength} arrived.`,
    );
  }
  if (data.samples.byteLength === 0)
    throw new InputError('The WAV file has a header but no audio.');
  const code = wav.bitDepth;
  if (code === '8a') wav.fromALaw();
  else if (code === '8m') wav.fromMuLaw();
  else if (code === '4') wav.fromIMAADPCM();
  if (wav.bitDepth !== '16') wav.toBitDepth('16');
  const pcm = (wav.data as { readonly samples: Uint8Array }).samples;
  return { sampleRate, samples: mix(pcmToFloat(pcm), numChannels) };
}

function check(sampleRate: number, channels: number): void {
  if (sampleRate < WAV_MIN_RATE || sampleRate > WAV_MAX_RATE) {
    throw new InputError(
      `The WAV file says ${sampleRate} Hz; ${WAV_MIN_RATE} to ${WAV_MAX_RATE} Hz are possible.`,
    );
  }
  if (channels < 1 || channels > WAV_MAX_CHANNELS) {
    throw new InputError(
      `The WAV file says ${channels} channels; 1 to ${WAV_MAX_CHANNELS} are possible.`,
    );
  }
}

function mix(interleaved: Float32Array<ArrayBuffer>, channels: number): Float32Array<ArrayBuffer> {
  if (channels === 1) return interleaved;
  const mono = new Float32Array(Math.floor(interleaved.length / channels));
  for (let i = 0; i < mono.length; i += 1) {
    let sum = 0;
    for (let c = 0; c < channels; c += 1) sum += interleaved[i * channels + c] ?? 0;
    mono[i] = sum / channels;
  }
  return mono;
}
