import '../../support/framework-logger.js';
import { STT } from '@livekit/agents-plugin-deepgram';
import { stt } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import { DeepgramLive } from '../../support/fakes/deepgram-live.js';
import { pushIndexed, indexedFrame } from '../../support/indexed-audio.js';

let fake: DeepgramLive | undefined;
afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

/** The plugin leaves out frames that are almost silent, so the numbers begin where they are loud. */
const FIRST = 1000;

describe('the native Deepgram plugin and the fake', () => {
  it('understand each other', async () => {
    fake = await DeepgramLive.start({ apiKey: 'secret' });
    const plugin = new STT({ apiKey: 'secret', baseUrl: fake.baseUrl, language: 'en-US' });
    const stream = plugin.stream();
    const events: stt.SpeechEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await pushIndexed(
      (frame) => {
        stream.pushFrame(frame);
      },
      FIRST,
      FIRST + 99,
      20,
    );
    // The plugin holds back less than 100 ms, and a pause ends the utterance.
    for (let i = 0; i < 40; i += 1) stream.pushFrame(indexedFrame(0));
    const of = (type: stt.SpeechEventType): string[] =>
      events.filter((e) => e.type === type).map((e) => e.alternatives?.[0].text ?? '');
    await expect.poll(() => of(stt.SpeechEventType.END_OF_SPEECH)).toHaveLength(1);
    stream.close();
    await reading;

    const frames = Array.from({ length: 100 }, (_, i) => String(FIRST + i));
    expect(of(stt.SpeechEventType.FINAL_TRANSCRIPT).join(' ').split(' ')).toEqual(frames);
    expect(of(stt.SpeechEventType.START_OF_SPEECH)).toHaveLength(1);
    expect(of(stt.SpeechEventType.INTERIM_TRANSCRIPT).length).toBeGreaterThan(3);
    const [record] = fake.records;
    expect(record?.headers.authorization).toBe('Token secret');
    expect(record?.query.get('sample_rate')).toBe('16000');
    const first = events.find((e) => e.type === stt.SpeechEventType.FINAL_TRANSCRIPT);
    // The plugin adds the time until its first attempt began: a moment.
    const [word] = first?.alternatives?.[0].words ?? [];
    expect(word?.startTime).toBeLessThan(0.5);
    expect((word?.endTime ?? 0) - (word?.startTime ?? 0)).toBeCloseTo(0.02, 3);
    await plugin.close();
  });

  it('agree on a wrong key', async () => {
    fake = await DeepgramLive.start({ apiKey: 'secret' });
    const plugin = new STT({ apiKey: 'another', baseUrl: fake.baseUrl, language: 'en-US' });
    const failed = new Promise<Error>((resolve) => {
      plugin.on('error', ({ error }) => {
        resolve(error);
      });
    });
    const stream = plugin.stream();
    const reading = (async () => {
      for await (const _event of stream);
    })().catch(() => undefined);
    stream.pushFrame(indexedFrame(FIRST));
    expect(await failed).toMatchObject({ statusCode: 401 });
    stream.close();
    await reading;
    await plugin.close();
  });
});
