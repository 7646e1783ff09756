import '../../support/framework-logger.js';
import { afterEach, describe, expect, it } from 'vitest';
import { CustomHTTPSTTAdapter } from '../../../adapters/stt/custom-http-stt-adapter.js';
import { deepgramHttpProtocol } from '../../../adapters/stt/protocols/deepgram-http-protocol.js';
import { createGoogleHttpProtocol } from '../../../adapters/stt/protocols/google-http-protocol.js';
import type { HttpSTTProtocol } from '../../../adapters/stt/protocols/http-stt-protocol.js';
import { DeepgramRecordings } from '../../support/fakes/deepgram-recordings.js';
import { GoogleRecognize } from '../../support/fakes/google-recognize.js';
import { indexedFrame } from '../../support/indexed-audio.js';

interface Fake {
  readonly url: string;
  stop: () => Promise<void>;
}
const vendors: {
  name: string;
  protocol: HttpSTTProtocol;
  start: (apiKey: string) => Promise<Fake>;
}[] = [
  {
    name: 'google',
    protocol: createGoogleHttpProtocol({ projectId: 'my-project' }),
    start: (apiKey) => GoogleRecognize.start({ apiKey }),
  },
  {
    name: 'deepgram',
    protocol: deepgramHttpProtocol,
    start: (apiKey) => DeepgramRecordings.start({ apiKey }),
  },
];

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

const frames = Array.from({ length: 30 }, (_, i) => indexedFrame(i + 1));

describe.each(vendors)('the $name preset', ({ protocol, start }) => {
  const make = async (apiKey: string) => {
    const fake = await start('secret');
    const adapter = new CustomHTTPSTTAdapter({ endpointUrl: fake.url, apiKey, protocol });
    stop = async () => {
      await adapter.close();
      await fake.stop();
    };
    return { fake, adapter };
  };

  it('recognises a recording, with word times and confidence', async () => {
    const { adapter } = await make('secret');
    const [best] = (await adapter.recognize(frames)).alternatives ?? [];
    expect(best?.text).toBe(frames.map((_, i) => String(i + 1)).join(' '));
    expect(best?.confidence).toBeGreaterThan(0.9);
    for (const word of best?.words ?? []) {
      expect(word.startTime).toBeCloseTo((Number(word.text) - 1) * 0.02, 2);
      expect(word.endTime).toBeCloseTo(Number(word.text) * 0.02, 2);
    }
    expect(best?.words).toHaveLength(30);
  });

  it('says nothing of silence', async () => {
    const { adapter } = await make('secret');
    const event = await adapter.recognize([indexedFrame(0), indexedFrame(0)]);
    expect(event.alternatives?.[0].text).toBe('');
  });

  it('is refused with a wrong key, clearly and without repetition', async () => {
    const { adapter } = await make('wrong-key');
    const failure = adapter.recognize(frames);
    await expect(failure).rejects.toMatchObject({ code: 'unauthorized', retryable: false });
    await expect(failure).rejects.not.toThrow(/wrong-key/);
  });
});

describe('the google preset', () => {
  it('repeats what Google asks to repeat', async () => {
    const fake = await GoogleRecognize.start({
      apiKey: 'ya29.token',
      failures: (n) => (n === 0 ? { code: 503, status: 'UNAVAILABLE' } : undefined),
    });
    const adapter = new CustomHTTPSTTAdapter({
      endpointUrl: fake.url,
      apiKey: 'ya29.token',
      language: 'de-DE',
      protocol: createGoogleHttpProtocol({ projectId: 'my-project' }),
    });
    stop = async () => {
      await adapter.close();
      await fake.stop();
    };
    const event = await adapter.recognize(frames);
    expect(event.alternatives?.[0].language).toBe('de-DE');
    expect(fake.server.requests).toHaveLength(2);
    // An access token is not an API key.
    expect(fake.server.requests[1]?.headers.authorization).toBe('Bearer ya29.token');
    expect(fake.server.requests[1]?.headers['x-goog-user-project']).toBe('my-project');
  });

  it('does not take a web page or foreign JSON for an answer', () => {
    const context = { what: 'the request', secrets: [] };
    const parse = (body: string) => () =>
      createGoogleHttpProtocol().parseAnswer(Buffer.from(body), 'application/json', context);
    expect(parse('<html>')).toThrow(/not JSON/);
    expect(parse('{"results":"none"}')).toThrow(/another shape/);
    expect(parse('{}')()).toEqual({ text: '' });
  });
});
