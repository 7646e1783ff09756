import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultLine, Outcome } from './fault-line.js';
import { indexedFrame } from '../indexed-audio.js';
import { indexedSpeechFrame, MAX_INDEX } from '../indexed-speech.js';
import { startNative, startOurs, type StartSubject } from './stt-subjects.js';

const MB = 1 << 20;
/** 10 minutes of frames, pushed at 40 times their pace. */
const STALL_FRAMES = 30_000;
const STALL_SPEED = 40;
const CALLS = 1000;
/** Kinds of resources that a call may leave behind. */
const KINDS = ['Timeout', 'TCPSocketWrap', 'TLSWrap', 'GetAddrInfoReqWrap', 'TCPConnectWrap'];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory in use after a collection, buffers outside the heap included, in bytes. */
const memory = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const resources = (): number =>
  process.getActiveResourcesInfo().filter((kind) => KINDS.includes(kind)).length;

/** A service that stops reading after a second of audio, for ten minutes of it. */
const stall = async (start: StartSubject): Promise<Outcome> => {
  const subject = await start(() => ({ dropAtMs: 1000, drop: 'freeze' }));
  const recogniser = subject.connect(subject.port);
  recogniser.on('error', () => undefined);
  const stream = recogniser.stream();
  const before = memory();
  let most = 0;
  const startedAt = performance.now();
  try {
    for (let i = 1; i <= STALL_FRAMES; i += 1) {
      stream.pushFrame(indexedSpeechFrame(((i - 1) % MAX_INDEX) + 1));
      const aheadMs = (i * 20) / STALL_SPEED - (performance.now() - startedAt);
      if (aheadMs > 2) await delay(aheadMs);
      if (i % 3000 === 0) most = Math.max(most, memory() - before);
    }
  } finally {
    stream.close();
    await recogniser.close();
    await subject.stop();
  }
  return { text: `${(most / MB).toFixed(1)} MB at most`, ok: most <= 20 * MB };
};

/** Opens and closes calls; half of them ended properly, half cut off. */
const calls = async (start: StartSubject): Promise<Outcome> => {
  const subject = await start((n) => (n % 5 === 0 ? { dropAtMs: 100 } : {}));
  const recogniser = subject.connect(subject.port);
  recogniser.on('error', () => undefined);
  const one = async (i: number): Promise<void> => {
    const stream = recogniser.stream();
    const reading = (async () => {
      for await (const _event of stream);
    })();
    for (let frame = 1; frame <= 5; frame += 1) stream.pushFrame(indexedFrame(frame));
    await delay(2);
    if (i % 2 === 0) stream.endInput();
    await Promise.race([reading, delay(i % 2 === 0 ? 200 : 1)]);
    stream.close();
    await reading;
  };
  try {
    for (let i = 0; i < 100; i += 1) await one(i);
    await delay(1500);
    const left = resources();
    const listeners = recogniser.listenerCount('error');
    const points: number[] = [memory()];
    for (let i = 0; i < CALLS; i += 1) {
      await one(i);
      if (i % 250 === 249) points.push(memory());
    }
    await delay(2500);
    const more = Math.max(0, resources() - left);
    const moreListeners = recogniser.listenerCount('error') - listeners;
    const kBPerCall = (memory() - (points[0] ?? 0)) / CALLS / 1024;
    return {
      text: `${more} sockets and timers, ${moreListeners} listeners left; ${kBPerCall.toFixed(1)} kB a call`,
      // A leaked stream holds its buffers, which is tens of kB.
      ok: more <= 1 && moreListeners === 0 && kBPerCall < 2,
    };
  } finally {
    await recogniser.close();
    await subject.stop();
  }
};

/** The long lines. They look at the whole process, so they run alone. */
export const enduranceLines = (): FaultLine[] => [
  {
    name: 'a stalled service for 10 minutes (audio at 40 times its pace)',
    target: 'at most 20 MB a stream',
    quick: false,
    ours: () => stall(startOurs),
    native: () => stall(startNative),
  },
  {
    name: '1,000 calls opened and closed',
    target: 'nothing left, memory flat',
    quick: false,
    ours: () => calls(startOurs),
    native: () => calls(startNative),
  },
];
