import { FallbackSTT } from '../../../adapters/fallback/fallback-stt.js';
import type { ProviderChange } from '../../../adapters/fallback/provider-chain.js';
import { CustomWebSocketSTTAdapter } from '../../../adapters/stt/custom-websocket-stt-adapter.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../../fakes/scripted-speech-server.js';
import { inSeconds, type FaultLine, type Outcome } from './fault-line.js';
import { hear, type Heard } from './hear.js';

type Script = (nowMs: number) => ConnectionScript;

interface ChainRun {
  readonly heard: Heard;
  readonly changes: readonly (ProviderChange & { readonly atMs: number })[];
  /** When each service was first sent audio, in ms from the start. */
  readonly servers: readonly ScriptedSpeechServer[];
}

/** Speaks `frames` to a chain of two services, which know the ms since the start. */
const run = async (frames: number, ...scripts: readonly [Script, Script]): Promise<ChainRun> => {
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const [a, b] = await Promise.all(
    scripts.map((script) => ScriptedSpeechServer.start(() => script(now()))),
  );
  if (a === undefined || b === undefined) throw new Error('two services were asked for');
  const changes: (ProviderChange & { atMs: number })[] = [];
  const recogniser = new FallbackSTT({
    members: [
      { name: 'first', instance: new CustomWebSocketSTTAdapter({ wsUrl: a.url }) },
      { name: 'second', instance: new CustomWebSocketSTTAdapter({ wsUrl: b.url }) },
    ],
    onChange: (change) => changes.push({ ...change, atMs: now() }),
  });
  try {
    const heard = await hear(recogniser, { frames });
    return { heard, changes, servers: [a, b] };
  } finally {
    await recogniser.close();
    await Promise.all([a.stop(), b.stop()]);
  }
};

const whole = ({ lostS, repeated, errors }: Heard): boolean =>
  lostS === 0 && repeated === 0 && errors.every(({ recoverable }) => recoverable);

const line = (
  name: string,
  target: string,
  quick: boolean,
  ours: () => Promise<Outcome>,
): FaultLine => ({ name, target, quick, ours });

/** The lines about two speech-to-text providers; the native plugin has none of this. */
export const chainLines = (): FaultLine[] => [
  line('a provider takes speech and says nothing', 'next one in use within 4 s', true, async () => {
    const { heard, changes } = await run(
      350,
      () => ({ mute: true }),
      () => ({}),
    );
    const atS = (changes.find(({ provider }) => provider === 'second')?.atMs ?? Infinity) / 1000;
    const text = `answered after ${inSeconds(atS)}, lost ${inSeconds(heard.lostS)}`;
    return { text, ok: atS <= 4 + 0.5 && whole(heard) };
  }),
  line('the first provider heals after 10 s', 'used again within 30 s', false, async () => {
    const { heard, changes } = await run(
      2000,
      (ms) => (ms < 10_000 ? { mute: true } : {}),
      () => ({}),
    );
    const back = changes.find(({ provider }) => provider === 'first')?.atMs ?? Infinity;
    const afterS = (back - 10_000) / 1000;
    const text = `back after ${inSeconds(afterS)}, lost ${inSeconds(heard.lostS)}, repeated ${heard.repeated}`;
    return { text, ok: afterS <= 30 && whole(heard) };
  }),
  line(
    'a flapping provider: dead for 5 s, well for 15 s, dead for 5 s, well again',
    'used again at most once a minute',
    false,
    async () => {
      const { heard, changes } = await run(
        2047,
        (ms) =>
          ms < 5000
            ? { mute: true }
            : ms < 20_000
              ? { dropAtMs: 20_000 - ms }
              : ms < 25_000
                ? { refuseWith: { status: 503 } }
                : {},
        () => ({}),
      );
      const returns = changes.filter(({ provider }) => provider === 'first').length;
      const text = `${returns} return in 41 s, lost ${inSeconds(heard.lostS)}, repeated ${heard.repeated}`;
      return { text, ok: returns <= 1 && whole(heard) };
    },
  ),
  line('both providers fail for 10 s', 'call alive, nothing lost', true, async () => {
    const refuse: Script = (ms) => (ms < 10_000 ? { refuseWith: { status: 503 } } : {});
    const { heard } = await run(700, refuse, refuse);
    const told = heard.errors.filter(({ code }) => code === 'all-providers-failed').length;
    const alive = heard.errors.every(({ recoverable }) => recoverable);
    const text = `call ${alive ? 'alive' : 'ended'}, lost ${inSeconds(heard.lostS)}, repeated ${heard.repeated}, told ${told} time(s)`;
    return { text, ok: whole(heard) && told === 1 };
  }),
];
