import '../../support/framework-logger.js';
import { stt } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import { FormSTT } from '../../../examples/form-stt.js';
import { VoskSTT } from '../../../examples/vosk-stt.js';
import { ScriptedHttpServer } from '../../fakes/scripted-http-server.js';
import { startVoskServer } from '../../support/fakes/vosk-server.js';
import { indexedFrame } from '../../support/indexed-audio.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const frames = Array.from({ length: 80 }, (_, i) => indexedFrame(i + 1));
const spoken = frames.map((_, i) => String(i + 1));

describe('examples/vosk-stt.ts', () => {
  it('hears everything once, also over a connection that breaks', async () => {
    const server = await startVoskServer((n) => (n === 0 ? { dropAtMs: 730, drop: 'reset' } : {}));
    const adapter = new VoskSTT({ wsUrl: `ws://127.0.0.1:${server.port}` });
    stops.push(
      () => server.stop(),
      () => adapter.close(),
    );
    adapter.on('error', () => undefined);
    const stream = adapter.stream();
    for (const frame of frames) stream.pushFrame(frame);
    stream.endInput();
    const finals: string[] = [];
    let interims = 0;
    for await (const event of stream) {
      const text = event.alternatives?.[0].text ?? '';
      if (event.type === stt.SpeechEventType.FINAL_TRANSCRIPT) finals.push(...text.split(' '));
      if (event.type === stt.SpeechEventType.INTERIM_TRANSCRIPT) interims += 1;
    }
    expect(finals).toEqual(spoken);
    expect(interims).toBeGreaterThan(5);
    expect(server.handshakes).toBe(2);
  });
});

describe('examples/form-stt.ts', () => {
  it('sends its own form, reads its own answer, and is repeated when the service is busy', async () => {
    const server = await ScriptedHttpServer.start((response, n) => {
      response.writeHead(n === 0 ? 503 : 200).end('{"transcript":{"text":"hello there"}}');
    });
    const adapter = new FormSTT({ endpointUrl: `${server.url}/transcribe`, apiKey: 'k' });
    stops.push(
      () => server.stop(),
      () => adapter.close(),
    );
    const event = await adapter.recognize(frames);
    expect(event.type).toBe(stt.SpeechEventType.FINAL_TRANSCRIPT);
    expect(event.alternatives?.[0].text).toBe('hello there');
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.headers.authorization).toBe('Bearer k');
    expect(server.requests[1]?.body.toString('latin1')).toContain('name="language"\r\n\r\nen-US');
  });

  it('reports an answer that it cannot read', async () => {
    const server = await ScriptedHttpServer.start((response) => response.end('{"text":"?"}'));
    const adapter = new FormSTT({ endpointUrl: server.url });
    stops.push(
      () => server.stop(),
      () => adapter.close(),
    );
    await expect(adapter.recognize(frames)).rejects.toMatchObject({ code: 'internal' });
  });
});
