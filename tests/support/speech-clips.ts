import sherpa from 'sherpa-onnx-node';
import { encodeWav } from '../../inference/audio/encode-wav.js';

/** Mono s16le speech of our own voice at a rate in Hz. */
export const spokenPcm = async (
  inferenceUrl: string,
  text: string,
  sampleRate = 16_000,
  apiKey = '',
): Promise<Buffer> => {
  const response = await fetch(`${inferenceUrl}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ input: text, response_format: 'pcm', sample_rate: sampleRate }),
  });
  if (!response.ok) throw new Error(`speech: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
};

/** Silence of mono s16le. */
export const silentPcm = (durationMs: number, sampleRate = 16_000): Buffer =>
  Buffer.alloc(Math.round((durationMs * sampleRate) / 1000) * 2);

/** A WAV file of mono s16le. */
export const wavOf = (pcm: Uint8Array, sampleRate = 16_000): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(encodeWav(pcm, sampleRate));

/** The same samples on both channels, as a WAV file. */
export const stereoWavOf = (pcm: Buffer, sampleRate: number): Uint8Array<ArrayBuffer> => {
  const stereo = Buffer.alloc(pcm.length * 2);
  for (let at = 0; at < pcm.length; at += 2) {
    pcm.copy(stereo, at * 2, at, at + 2);
    pcm.copy(stereo, at * 2 + 2, at, at + 2);
  }
  const wav = wavOf(stereo, sampleRate);
  const view = new DataView(wav.buffer);
  view.setUint16(22, 2, true); // channels
  view.setUint32(28, sampleRate * 4, true); // bytes a second
  view.setUint16(32, 4, true); // bytes a frame
  return wav;
};

/** Float samples at another rate, for clips that no voice makes directly. */
export const resampled = (samples: Float32Array, from: number, to: number): Float32Array =>
  new sherpa.LinearResampler(from, to).flush(samples);

/** Sends a clip to be transcribed. */
export const postClip = async (
  inferenceUrl: string,
  wav: Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> => {
  const form = new FormData();
  form.append('file', new Blob([wav], { type: 'audio/wav' }), 'clip.wav');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return fetch(`${inferenceUrl}/v1/audio/transcriptions`, {
    method: 'POST',
    body: form,
    ...(signal ? { signal } : {}),
  });
};

/** What a refused request says. */
export const errorOf = async (
  response: Response,
): Promise<{ message: string; type: string; param: string | null; code: string | null }> => {
  const body = (await response.json()) as {
    error: { message: string; type: string; param: string | null; code: string | null };
  };
  return body.error;
};
