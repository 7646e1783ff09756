import '../support/framework-logger.js';
import { stt } from '@livekit/agents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FallbackSTT } from '../../adapters/fallback/fallback-stt.js';
import type { ProviderChange } from '../../adapters/fallback/provider-chain.js';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../fakes/scripted-speech-server.js';
import { hear } from '../support/faults/hear.js';
import { watchForLeaks } from '../support/leaks.js';

const servers: ScriptedSpeechServer[] = [];
let checkLeaks: () => Promise<void>;
beforeEach(() => {
  checkLeaks = watchForLeaks();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await checkLeaks();
});

/** A chain of providers, each a server of its own, named a, b, …. */
const chain = async (...scripts: ((n: number) => ConnectionScript)[]) => {
  const changes: ProviderChange[] = [];
  const members = await Promise.all(
    scripts.map(async (script, i) => {
      const server = await ScriptedSpeechServer.start(script);
      servers.push(server);
      const instance = new CustomWebSocketSTTAdapter({ wsUrl: server.url });
      return { name: String.fromCharCode(97 + i), instance };
    }),
  );
  const [first, ...rest] = members;
  if (first === undefined) throw new Error('a chain needs a provider');
  const provider = new FallbackSTT({
    members: [first, ...rest],
    onChange: (change) => changes.push(change),
  });
  return { provider, changes };
};

describe('a chain of speech-to-text providers', () => {
  it('goes on with the next one when the first stays silent, and loses nothing', async () => {
    const { provider, changes } = await chain(
      () => ({ mute: true }),
      () => ({}),
    );
    const startedAt = Date.now();
    const heard = await hear(provider, { frames: 300 });
    expect(heard).toMatchObject({ lostS: 0, repeated: 0 });
    expect(heard.errors.every(({ recoverable }) => recoverable)).toBe(true);
    expect(changes.map(({ provider: name }) => name)).toEqual(['b']);
    expect((changes[0]?.at ?? Infinity) - startedAt).toBeLessThan(4300);
    await provider.close();
  });

  it('hands over in the middle of an utterance without repeating a word', async () => {
    const { provider, changes } = await chain(
      (n) => (n === 0 ? { dropAtMs: 2000 } : { refuseWith: { status: 503 } }),
      () => ({}),
    );
    const heard = await hear(provider, { frames: 300 });
    expect(heard).toMatchObject({ lostS: 0, repeated: 0 });
    expect(changes.map(({ provider: name }) => name)).toEqual(['a', 'b']);
    expect(changes[1]).toMatchObject({ kind: 'stt', previous: 'a', reason: 'server-error' });
    await provider.close();
  });

  it('goes back to the first one once it understands speech again', async () => {
    const healAt = performance.now() + 5000;
    const { provider, changes } = await chain(
      () => (performance.now() < healAt ? { mute: true } : {}),
      () => ({}),
    );
    const heard = await hear(provider, { frames: 1200 });
    expect(heard).toMatchObject({ lostS: 0, repeated: 0 });
    expect(changes.map(({ provider: name }) => name)).toEqual(['b', 'a']);
    expect(changes[1]).toMatchObject({ previous: 'b', reason: 'recovered' });
    await provider.close();
  });

  it('says once that nobody answers, keeps the audio, and recovers by itself', async () => {
    const healAt = performance.now() + 10_000;
    const refuse = (): ConnectionScript =>
      performance.now() < healAt ? { refuseWith: { status: 503 } } : {};
    const { provider, changes } = await chain(refuse, refuse);
    const heard = await hear(provider, { frames: 700 });
    expect(heard).toMatchObject({ lostS: 0, repeated: 0 });
    expect(heard.errors.filter(({ code }) => code === 'all-providers-failed')).toHaveLength(1);
    expect(heard.errors.every(({ recoverable }) => recoverable)).toBe(true);
    const empty = heard.events.filter(
      ({ type, alternatives }) =>
        type === stt.SpeechEventType.FINAL_TRANSCRIPT && alternatives?.[0].text === '',
    );
    expect(empty).toHaveLength(1);
    expect(changes[0]?.provider).toBeUndefined();
    expect(changes[1]?.reason).toBe('recovered');
    await provider.close();
  });

  it('a refused key is told within a second and not tried again', async () => {
    const { provider } = await chain(() => ({ refuseWith: { status: 401 } }));
    const heard = await hear(provider, { frames: 150, patienceMs: 500 });
    expect(heard.errors.map(({ code }) => code)).toEqual(['all-providers-failed']);
    expect(heard.errors[0]?.atMs).toBeLessThan(1000);
    expect(servers[0]?.handshakes).toBe(1);
    await provider.close();
  });
});
