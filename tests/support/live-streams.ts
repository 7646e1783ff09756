import { setTimeout as delay } from 'node:timers/promises';
import { StreamClient } from './stream-client.js';

/** What became of a stream. */
export interface LiveStream {
  readonly client: StreamClient;
  /** Every final, in order. */
  text(): string;
  readonly closeCode: Promise<number>;
}

/**
 * Opens streams that speak the same clip at the pace of speech, one after the other by `apartMs`, and end.
 *
 * @param pcm - mono s16le at 16 kHz
 * @returns when every stream has its last message
 */
export async function speakAtOnce(
  inferenceUrl: string,
  pcm: Buffer,
  count: number,
  apartMs: number,
): Promise<LiveStream[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await delay(i * apartMs);
      const client = new StreamClient(inferenceUrl);
      await client.send({ type: 'config', sampleRate: 16_000 });
      await client.speak(pcm, 16_000);
      await client.send({ type: 'end' });
      return {
        client,
        text: () =>
          client
            .of('transcript-final')
            .map(({ text }) => text)
            .join(' '),
        closeCode: client.closed.then(({ code }) => code),
      };
    }),
  );
}
