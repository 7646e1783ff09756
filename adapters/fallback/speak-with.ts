import { tts } from '@livekit/agents';
import { MonoResampler } from '../audio/mono-resampler.js';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { CustomHTTPTTSAdapter } from '../tts/streaming-http-tts-adapter.js';
import { toAPIError } from '../to-api-error.js';
import type { ChainMember } from './provider-chain.js';

/** Retries are the chain's: a provider that repeats itself delays the one that works. */
const CONN_OPTIONS = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 10_000 };

/**
 * One piece of text by one provider, as 16-bit mono samples at `sampleRate`, as they arrive.
 *
 * @throws {AdapterError} why it failed, also in the middle
 */
export async function* speakWith(
  member: ChainMember<tts.TTS>,
  text: string,
  sampleRate: number,
  signal: AbortSignal,
): AsyncGenerator<Int16Array, void, undefined> {
  const { instance } = member;
  const resampler = new MonoResampler(sampleRate);
  try {
    if (instance instanceof CustomHTTPTTSAdapter && instance.sampleRate === sampleRate) {
      yield* instance.speakPiece(text, signal);
      return;
    }
    for await (const { frame } of packets(member, text, signal)) {
      const samples = resampler.push(frame);
      if (samples.length > 0) yield samples;
    }
    const rest = resampler.flush();
    if (rest.length > 0) yield rest;
  } finally {
    resampler.close();
  }
}

/** The framework's packets of a plugin, whose failures come as events beside a stream that just ends. */
async function* packets(
  { instance, name, secrets = [] }: ChainMember<tts.TTS>,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<tts.SynthesizedAudio, void, undefined> {
  const context = { what: `the text-to-speech provider ${name}`, secrets };
  let failure: AdapterError | undefined;
  const onError = ({ error }: { error: Error }): void => {
    failure ??= toAPIError(error, context);
  };
  instance.on('error', onError);
  const stream = instance.capabilities.streaming
    ? instance.stream({ connOptions: CONN_OPTIONS })
    : instance.synthesize(text, CONN_OPTIONS, signal);
  const onAbort = (): void => {
    stream.close();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  let any = false;
  try {
    if (stream instanceof tts.SynthesizeStream) {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the text is all here
      stream.pushText(text);
      stream.endInput();
    }
    for await (const packet of stream) {
      if (typeof packet === 'symbol') break;
      any = true;
      yield packet;
    }
    if (failure === undefined && !any && !signal.aborted) {
      const message = `${context.what} answered without audio`;
      failure = createAdapterError({ code: 'empty-response', message });
    }

    if (failure !== undefined) throw failure;
  } finally {
    signal.removeEventListener('abort', onAbort);
    instance.off('error', onError);
    stream.close();
  }
}
