import '../support/framework-logger.js';
import { setTimeout as delay } from 'node:timers/promises';
import { inference, voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { afterEach, describe, expect, it } from 'vitest';
import { sayTechnicalProblems } from '../../agent/technical-problem.js';
import {
  readRecordedPhrase,
  RECORDED_PHRASE_RATE,
} from '../../adapters/fallback/recorded-phrase.js';
import { ProviderFactory } from '../../providers/provider-factory.js';
import { ScriptedSpeechServer } from '../fakes/scripted-speech-server.js';
import { indexedSpeechFrame } from '../support/indexed-speech.js';

/** A microphone made of numbered frames. */
class Microphone extends voice.AudioInput {
  constructor(frames: ReadableStream<AudioFrame>) {
    super();
    this.multiStream.addInputStream(frames);
  }
}

/** A loudspeaker that counts what it is given. */
class Loudspeaker extends voice.AudioOutput {
  seconds = 0;
  #pendingS = 0;

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.#pendingS += frame.samplesPerChannel / frame.sampleRate;
  }

  override flush(): void {
    super.flush();
    this.#finish(false);
  }

  override clearBuffer(): void {
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    if (this.#pendingS === 0) return;
    this.seconds += this.#pendingS;
    const playbackPosition = this.#pendingS;
    this.#pendingS = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('a session whose recogniser cannot be reached', () => {
  it('stays up, tells the caller once with a recording, and hears the words when it can', async () => {
    const healAt = performance.now() + 12_000;
    const server = await ScriptedSpeechServer.start(() =>
      performance.now() < healAt ? { refuseWith: { status: 503 } } : {},
    );
    ends.push(() => server.stop());
    const recogniser = ProviderFactory.createSTT({
      provider: 'custom-websocket',
      wsUrl: server.url,
    });
    const session = new voice.AgentSession({
      stt: recogniser,
      vad: new inference.VAD(),
      turnHandling: { turnDetection: 'manual', interruption: { enabled: false } },
    });
    let closed = false;
    session.on(voice.AgentSessionEventTypes.Close, () => (closed = true));
    const words = new Set<number>();
    session.on(voice.AgentSessionEventTypes.UserInputTranscribed, ({ transcript, isFinal }) => {
      if (isFinal) for (const word of transcript.split(' ')) words.add(Number(word));
    });
    sayTechnicalProblems(session);
    let hungUp = false;
    const frames = new ReadableStream<AudioFrame>({
      start: async (controller) => {
        for (let i = 1; i <= 900 && !hungUp; i += 1) {
          controller.enqueue(indexedSpeechFrame(i));
          await delay(20);
        }
        controller.close();
      },
    });
    const speaker = new Loudspeaker();
    session.input.audio = new Microphone(frames);
    session.output.audio = speaker;
    await session.start({ agent: new voice.Agent({ instructions: 'Listen.' }) });
    ends.push(
      () => recogniser.close(),
      () => session.close(),
      () => Promise.resolve((hungUp = true)),
    );
    await expect.poll(() => words.size, { timeout: 30_000 }).toBeGreaterThan(600);
    expect(words.has(1)).toBe(true);
    expect(closed).toBe(false);
    expect(speaker.seconds).toBeCloseTo(readRecordedPhrase().length / RECORDED_PHRASE_RATE, 1);
  });
});
