import { setTimeout as delay } from 'node:timers/promises';
import { AudioFrame } from '@livekit/rtc-node';
import type { Proxy } from 'toxiproxy-node-client';
import { FRAME_SAMPLES } from '../indexed-audio.js';
import { indexedSpeechFrame } from '../indexed-speech.js';
import type { FaultProxy } from '../toxiproxy.js';
import { inSeconds, type FaultLine, type Outcome } from './fault-line.js';
import { hear, type Heard, type HearOptions } from './hear.js';
import { startNative, startOurs, type StartSubject, type SubjectScript } from './stt-subjects.js';

/** 12 s of speech. */
const FRAMES = 600;
/** Where it breaks, in ms. */
const BREAK_MS = 5300;
/** Nobody is waited for longer than this after the last word, in ms. */
const PATIENCE_MS = 15_000;

const first =
  (script: SubjectScript, others: SubjectScript = {}) =>
  (n: number): SubjectScript =>
    n === 0 ? script : others;

const lostAndRepeated = ({ lostS, repeated, words }: Heard): Outcome => ({
  text: `lost ${inSeconds(lostS)}, repeated ${repeated}`,
  ok: lostS === 0 && repeated === 0 && words.length > 0,
});

interface Case {
  readonly name: string;
  readonly target: string;
  readonly quick?: boolean;
  /** A new one for each run: it may count. */
  readonly script?: () => (n: number) => SubjectScript;
  readonly hear?: Partial<HearOptions>;
  readonly judge?: (heard: Heard) => Outcome;
  /** What the network does meanwhile. */
  readonly network?: (proxy: Proxy) => Promise<Outcome | undefined>;
}

const toLine = (one: Case, faults: () => FaultProxy | undefined): FaultLine => {
  const run = async (start: StartSubject): Promise<Outcome> => {
    const subject = await start(one.script?.() ?? (() => ({})));
    const proxied = one.network === undefined ? undefined : await faults()?.open(subject.port);
    const recogniser = subject.connect(proxied?.port ?? subject.port);
    try {
      const hearing = hear(recogniser, { frames: FRAMES, patienceMs: PATIENCE_MS, ...one.hear });
      const network = proxied === undefined ? undefined : one.network?.(proxied.proxy);
      const heard = await hearing;
      const seen = await network;
      const outcome = (one.judge ?? lostAndRepeated)(heard);
      if (seen === undefined) return outcome;
      return { text: `${outcome.text}, ${seen.text}`, ok: outcome.ok && seen.ok };
    } finally {
      await recogniser.close();
      await proxied?.proxy.remove();
      await subject.stop();
    }
  };
  return {
    name: one.name,
    target: one.target,
    quick: one.quick ?? true,
    ours: () => run(startOurs),
    native: () => run(startNative),
  };
};

const silence = (): AudioFrame =>
  new AudioFrame(new Int16Array(FRAME_SAMPLES), 16_000, 1, FRAME_SAMPLES);

const NOTHING = 'lost 0.0 s, repeated 0';

const cases: readonly Case[] = [
  ...([1011, 1000] as const).map((code) => ({
    name: `closed with ${code} at 5.3 s of 12 s, finals every 0.5 s`,
    target: NOTHING,
    quick: code === 1011,
    script: () => first({ dropAtMs: BREAK_MS, drop: code }),
  })),
  {
    name: 'TCP reset at 5.3 s of 12 s (toxiproxy)',
    target: NOTHING,
    network: async (proxy) => {
      await delay(BREAK_MS);
      const toxic = await proxy.addToxic({
        name: 'reset',
        type: 'reset_peer',
        attributes: { timeout: 0 },
        stream: 'downstream',
        toxicity: 1,
      });
      await delay(100);
      await toxic.remove();
      return undefined;
    },
  },
  {
    name: 'closed at 5.3 s, no final yet',
    target: NOTHING,
    script: () => first({ dropAtMs: BREAK_MS, finalEveryMs: 100_000 }),
  },
  {
    name: 'connection cut at 5.3 s, then 4 s of refused connections (toxiproxy)',
    target: NOTHING,
    network: async (proxy) => {
      await delay(BREAK_MS);
      await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
      await delay(4000);
      await proxy.update({ enabled: true, listen: proxy.listen, upstream: proxy.upstream });
      return undefined;
    },
  },
  {
    name: 'five drops in one utterance',
    target: NOTHING,
    script: () => (n) => (n < 5 ? { dropAtMs: 1700, finalEveryMs: 700 } : {}),
  },
  {
    name: 'half-open: no packets from 2 s on (toxiproxy), and the line healed after 5 s',
    target: `${NOTHING}, noticed within 5 s`,
    judge: (heard) => {
      const noticedMs = (heard.errors[0]?.atMs ?? Infinity) - 2000;
      const { text, ok } = lostAndRepeated(heard);
      const noticed = Number.isFinite(noticedMs) ? `after ${inSeconds(noticedMs / 1000)}` : 'never';
      return { text: `${text}, noticed ${noticed}`, ok: ok && noticedMs <= 5000 };
    },
    network: async (proxy) => {
      await delay(2000);
      const toxics = await Promise.all(
        (['upstream', 'downstream'] as const).map((stream) =>
          proxy.addToxic({
            name: `dead-${stream}`,
            type: 'timeout',
            attributes: { timeout: 0 },
            stream,
            toxicity: 1,
          }),
        ),
      );
      await delay(5000);
      for (const toxic of toxics) await toxic.remove();
      return undefined;
    },
  },
  ...[500, 2000, 5000].map((delayMs) => ({
    name: `handshake delayed by ${delayMs / 1000} s, speech from the first frame`,
    target: 'first word present, nothing lost',
    quick: delayMs === 5000,
    script: () => () => ({ handshakeDelayMs: delayMs }),
    hear: { frames: 350 },
    judge: (heard: Heard): Outcome => ({
      text: `first word ${heard.words.includes(1) ? 'present' : 'missing'}, lost ${inSeconds(heard.lostS)}`,
      ok: heard.words.includes(1) && heard.lostS === 0,
    }),
  })),
  {
    name: '30 minutes of a quiet caller, sockets recycled every 3 minutes (audio at 60 times its pace), then 2 s of speech',
    target: 'the speech is heard',
    quick: false,
    script: () => () => ({ dropAtMs: 180_000, drop: 1000 }),
    hear: {
      frames: 90_100,
      speed: 60,
      frame: (index) => (index > 90_000 ? indexedSpeechFrame(index - 90_000) : silence()),
    },
    judge: ({ words }) => {
      const heard = new Set(words.filter((word) => word >= 1 && word <= 100)).size;
      return { text: `${heard} of 100 frames heard`, ok: heard === 100 };
    },
  },
];

/**
 * The lines about one speech-to-text provider.
 *
 * @param hasProxy - whether there is a fault proxy; lines that need one are left out without it
 * @param faults - the proxy, once it runs
 */
export const sttLines = (hasProxy: boolean, faults: () => FaultProxy | undefined): FaultLine[] =>
  cases
    .filter(({ network }) => network === undefined || hasProxy)
    .map((one) => toLine(one, faults));
