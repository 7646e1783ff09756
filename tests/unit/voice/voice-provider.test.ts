import '../../support/framework-logger.js';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VoiceConnectionError, VoiceProviderError } from '../../../voice/voice-errors.js';
import { VoiceProvider, type TranscriptionResult } from '../../../voice/voice-provider.js';
import { VoiceProviderFactory } from '../../../voice/voice-provider-factory.js';
import { DeepgramLive, type DeepgramLiveOptions } from '../../support/fakes/deepgram-live.js';
import { OpenAIApi, type OpenAIApiOptions } from '../../support/fakes/openai-api.js';
import { FRAME_SAMPLES } from '../../support/indexed-audio.js';
import { watchForLeaks } from '../../support/leaks.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Speech by Deepgram's protocol on our adapter, voice by OpenAI's. */
const start = async (
  options: { stt?: DeepgramLiveOptions; tts?: OpenAIApiOptions; sttKey?: string } = {},
) => {
  const deepgram = await DeepgramLive.start({ apiKey: 'k', ...options.stt });
  const openai = await OpenAIApi.start(options.tts);
  const voice = VoiceProviderFactory.create('Adapters', {
    stt: {
      provider: 'custom-websocket',
      protocol: 'deepgram',
      wsUrl: deepgram.url,
      apiKey: options.sttKey ?? 'k',
    },
    tts: { provider: 'openai', baseUrl: openai.baseUrl },
  });
  stops.push(
    () => deepgram.stop(),
    () => openai.stop(),
    () => voice.disconnect(),
  );
  return { voice, deepgram, openai };
};

/** Indexed audio as bytes, cut where no sample ends. */
async function* audio(frames: number, pauseMs = 0): AsyncGenerator<Uint8Array> {
  const pcm = new Int16Array(frames * FRAME_SAMPLES);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.floor(i / FRAME_SAMPLES) + 1;
  const bytes = new Uint8Array(pcm.buffer);
  for (let at = 0; at < bytes.length; at += 777) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    yield bytes.subarray(at, at + 777);
  }
}

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

describe('a voice provider over the adapters', () => {
  it('speaks and transcribes without a room', async () => {
    const { voice, openai } = await start();
    await voice.connect();
    await voice.connect();
    expect(voice.isConnected).toBe(true);
    const pcm = Buffer.concat(await collect(voice.textToSpeech('Hello there. How are you?')));
    expect(openai.spoken.join(' ')).toBe('Hello there. How are you?');
    const characters = openai.spoken.join('').length;
    expect(pcm.length / 2 / voice.outputSampleRate).toBeCloseTo(characters * 0.06, 1);

    expect(voice.getVadInfo()).toBeUndefined();
    const results = await collect(voice.speechToText(audio(90)));
    const finals = results.filter(({ isFinal }) => isFinal);
    expect(finals.flatMap(({ text }) => text.split(' ').map(Number))).toEqual(
      Array.from({ length: 90 }, (_, i) => i + 1),
    );
    expect(results.length).toBeGreaterThan(finals.length);
    expect(finals[0]).toMatchObject({ startS: 0 });
    expect(finals.at(-1)?.endS).toBeCloseTo(1.8, 2);
    // What the detector says of audio that is almost silent.
    expect(voice.getVadInfo()).toMatchObject({ speaking: false });
  });

  it('speaks texts one after the other, also when one is given up', async () => {
    const { voice, openai } = await start();
    await voice.connect();
    const first = voice.textToSpeech('This one is given up after its first piece.');
    await first.next();
    const second = collect(voice.textToSpeech('Second.'));
    await first.return();
    expect((await second).length).toBeGreaterThan(0);
    expect(openai.spoken.at(-1)).toBe('Second.');
  });

  it('hears two people at once', async () => {
    const { voice } = await start();
    await voice.connect();
    const words = async (frames: number): Promise<string> =>
      (await collect(voice.speechToText(audio(frames))))
        .filter(({ isFinal }) => isFinal)
        .map(({ text }) => text)
        .join(' ');
    const [a, b] = await Promise.all([words(30), words(50)]);
    expect(a.split(' ')).toHaveLength(30);
    expect(b.split(' ')).toHaveLength(50);
  });
});

describe('errors of a voice provider', () => {
  it('are of one family, with the code and the cause of what is beneath', async () => {
    const { voice } = await start({ sttKey: 'wrong', tts: { audioStatus: () => 401 } });
    await voice.connect();
    const speaking = collect(voice.textToSpeech('Hello.'));
    await expect(speaking).rejects.toMatchObject({
      name: 'TextToSpeechError',
      code: 'unauthorized',
    });
    const hearing = collect(voice.speechToText(audio(5)));
    await expect(hearing).rejects.toMatchObject({
      name: 'SpeechToTextError',
      code: 'unauthorized',
      retryable: false,
    });
    await expect(hearing).rejects.toBeInstanceOf(VoiceProviderError);
  });

  it('include audio that cannot be read', async () => {
    const { voice } = await start();
    await voice.connect();
    // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- the source breaks
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      throw new Error('the microphone is gone');
    };
    await expect(collect(voice.speechToText(broken()))).rejects.toThrow('the microphone is gone');
  });

  it('say when it is not connected', async () => {
    const { voice } = await start();
    expect(() => voice.textToSpeech('Hello.')).toThrow(VoiceConnectionError);
    expect(() => voice.speechToText(audio(1))).toThrow(/connect\(\) first/);
  });

  it('come from connect when the service is down or the options are wrong', async () => {
    const down = VoiceProviderFactory.create('adapters', {
      stt: { provider: 'jetson', url: 'http://127.0.0.1:9' },
      tts: { provider: 'jetson', url: 'http://127.0.0.1:9' },
    });
    await expect(down.connect()).rejects.toMatchObject({
      name: 'VoiceConnectionError',
      code: 'connect-failed',
    });
    expect(down.isConnected).toBe(false);
    const wrong = VoiceProviderFactory.create('adapters', {
      stt: { provider: 'acme' },
      tts: { provider: 'jetson' },
    });
    await expect(wrong.connect()).rejects.toMatchObject({ code: 'unknown-provider' });
  });
});

describe('disconnect', () => {
  it('ends what is running and leaves no socket or timer', async () => {
    const { voice, deepgram } = await start();
    const checkLeaks = watchForLeaks();
    await voice.connect();
    const results: TranscriptionResult[] = [];
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield* audio(50);
      await new Promise(() => undefined);
    };
    const hearing = (async () => {
      for await (const result of voice.speechToText(endless())) results.push(result);
    })();
    const outcome = expect(hearing).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => results.length).toBeGreaterThan(0);
    await voice.disconnect();
    await outcome;
    expect(voice.isConnected).toBe(false);
    await expect.poll(() => deepgram.openSockets).toBe(0);
    await checkLeaks();
    await voice.disconnect();
  });
});

describe('VoiceProviderFactory', () => {
  class Parrot extends VoiceProvider {
    override readonly inputSampleRate = 16_000;
    override readonly outputSampleRate = 16_000;
    closed = 0;
    constructor(readonly phrase: string) {
      super();
    }
    override getVadInfo = () => undefined;
    protected override onConnect = (): Promise<void> =>
      this.phrase === 'broken' ? Promise.reject(new Error('no parrot')) : Promise.resolve();
    protected override onDisconnect = (): Promise<void> => {
      this.closed += 1;
      return Promise.resolve();
    };
    // eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of one item
    protected override async *openTextToSpeech(text: string): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    }
    protected override async *openSpeechToText(
      pieces: AsyncIterable<Uint8Array>,
    ): AsyncGenerator<TranscriptionResult> {
      for await (const _piece of pieces)
        yield { text: this.phrase, startS: 0, endS: 1, isFinal: true };
    }
  }
  VoiceProviderFactory.register(
    'parrot',
    z.strictObject({ phrase: z.string() }),
    ({ phrase }) => new Parrot(phrase),
  );

  it('makes what was registered, and checks its configuration', async () => {
    expect(VoiceProviderFactory.names).toEqual(['adapters', 'parrot']);
    const parrot = VoiceProviderFactory.create('PARROT', { phrase: 'hello' });
    await parrot.connect();
    expect(await collect(parrot.speechToText(audio(1)))).toMatchObject([{ text: 'hello' }]);
    await parrot.disconnect();
    expect(() => VoiceProviderFactory.create('parrot', { words: 1 })).toThrow(/phrase/);
    expect(() => VoiceProviderFactory.create('owl', {})).toThrow(/adapters, parrot/);
    expect(() => {
      VoiceProviderFactory.register('Parrot', z.unknown(), () => new Parrot(''));
    }).toThrow(/registered already/);
  });

  it('cleans up after a provider that cannot connect', async () => {
    const parrot = new Parrot('broken');
    await expect(parrot.connect()).rejects.toThrow(VoiceConnectionError);
    expect(parrot.closed).toBe(1);
    expect(parrot.isConnected).toBe(false);
  });
});
