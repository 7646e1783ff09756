import { normalizeLanguage, stt, type APIConnectOptions, type VAD } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { AdapterError } from '../adapter-error.js';
import type { ReplayBufferLimits } from '../resilience/replay-buffer.js';
import { AudioFeed } from '../stt/audio-feed.js';
import type { ConnectionTimeline } from '../stt/connection-timeline.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { probeSTT } from './probe-stt.js';
import type { ChainMember, ProviderChain } from './provider-chain.js';
import { runProviderTurn } from './provider-turn.js';
import { onSharedClock, withoutPublished } from './replayed-event.js';

/** With another provider to go to, unanswered speech is borne for this long, in ms. */
const SILENCE_MS = 3000;
const SILENCE_AFTER_ERROR_MS = 1000;
/** With nobody else, patience is better than starting again; after this the caller is told, in ms. */
const LONE_SILENCE_MS = 10_000;
const LONE_SILENCE_AFTER_ERROR_MS = 4000;
/** How often it is looked whether a better provider may be probed, in ms. */
const PROBE_CHECK_MS = 1000;
/** Silence of all providers, this many times each, is an outage and no noise that nobody understands. */
const SILENT_ROUNDS = 2;
/** After the input has ended, providers that all fail are tried for this long, in ms. */
const END_GIVE_UP_MS = 10_000;
/** Rates that a feed may have, in Hz. */
const MIN_RATE = 8000;
const MAX_RATE = 48_000;

export interface FallbackStreamOptions {
  readonly owner: stt.STT;
  readonly chain: ProviderChain<stt.STT>;
  readonly vad: () => VAD;
  readonly pacesItself: (instance: stt.STT) => boolean;
  readonly replay: Partial<ReplayBufferLimits> | undefined;
  /** A failure that this stream survives. */
  readonly onTrouble: (error: AdapterError) => void;
}

/**
 * One stream over a chain of providers. It keeps the audio that no final covers, hands it to the
 * next provider when one fails, goes back when a better one heals, and never fails itself.
 */
export class FallbackSpeechStream extends stt.SpeechStream {
  override readonly label = 'earshot.FallbackSpeechStream';
  readonly #options: FallbackStreamOptions;
  #offsetS = 0;
  #turns = 0;
  #speaking = false;
  #publishedUpToS = 0;
  #silentTurns = 0;

  constructor(options: FallbackStreamOptions, connOptions?: APIConnectOptions) {
    super(options.owner, undefined, connOptions);
    this.#options = options;
  }

  protected override async run(): Promise<void> {
    const first = await this.#firstFrame();
    if (first === undefined) return;
    this.#offsetS = this.startTimeOffset;
    const rate = Math.min(MAX_RATE, Math.max(MIN_RATE, first.sampleRate));
    const feed = new AudioFeed(rate, this.#options.replay);
    feed.push(first);
    await Promise.all([feed.pump(this.input), this.#recognise(feed)]);
    if (this.#speaking) this.#put({ type: stt.SpeechEventType.END_OF_SPEECH });
  }

  /** The rate of the first frame is the feed's, so that nothing is resampled twice. */
  async #firstFrame(): Promise<AudioFrame | undefined> {
    for (;;) {
      const item: IteratorResult<AudioFrame | symbol, undefined> = await this.input.next();
      if (item.done === true) return undefined;
      if (typeof item.value !== 'symbol' && item.value.samplesPerChannel > 0) return item.value;
    }
  }

  async #recognise(feed: AudioFeed): Promise<void> {
    const { chain, onTrouble } = this.#options;
    const signal = this.abortSignal;
    let endedAt: number | undefined;
    for (;;) {
      const { member, waitMs } = chain.next();
      if (waitMs > 0 && !(await this.#wait(waitMs, feed))) return;
      const outcome = await this.#turn(member, feed);
      if (outcome === 'finished' || signal.aborted) return;
      if (outcome === 'left') continue;
      if (outcome.code === 'no-answer') this.#silentTurns += 1;
      else this.#silentTurns = Infinity;
      chain.failed(member, outcome);
      const isOutage = this.#silentTurns >= SILENT_ROUNDS * chain.members.length;
      if (chain.allFailed && (isOutage || chain.members.length === 1)) this.#tellOutage(onTrouble);
      if (feed.ended) endedAt ??= performance.now();
      if (endedAt !== undefined && performance.now() - endedAt > END_GIVE_UP_MS) return;
    }
  }

  /** Waits before all providers are tried again; not beyond what an ended input is worth. */
  #wait(waitMs: number, feed: AudioFeed): Promise<boolean> {
    return abortableDelay(feed.ended ? Math.min(waitMs, END_GIVE_UP_MS) : waitMs, this.abortSignal);
  }

  /** Once per outage: an `error` event, and beside it an empty transcript. */
  #tellOutage(onTrouble: (error: AdapterError) => void): void {
    const error = this.#options.chain.wentDown();
    if (error === undefined) return;
    onTrouble(error);
    this.#put({
      type: stt.SpeechEventType.FINAL_TRANSCRIPT,
      alternatives: [
        { text: '', language: normalizeLanguage(''), startTime: 0, endTime: 0, confidence: 0 },
      ],
    });
  }

  async #turn(
    member: ChainMember<stt.STT>,
    feed: AudioFeed,
  ): Promise<Awaited<ReturnType<typeof runProviderTurn>>> {
    const { chain, vad, pacesItself, onTrouble } = this.#options;
    const better = new AbortController();
    const over = new AbortController();
    const probing = this.#probe(member, better, over.signal);
    const alone = chain.members.length === 1;
    const rounds = Math.min(3, Math.floor(this.#silentTurns / chain.members.length));
    this.#turns += 1;
    const skipBeforeS = this.#turns === 1 ? 0 : this.#publishedUpToS;
    try {
      return await runProviderTurn(
        {
          member,
          feed,
          vad: vad(),
          pacesItself: pacesItself(member.instance),
          silenceMs: (alone ? LONE_SILENCE_MS : SILENCE_MS) * 2 ** rounds,
          silenceAfterErrorMs: alone ? LONE_SILENCE_AFTER_ERROR_MS : SILENCE_AFTER_ERROR_MS,
          onTrouble,
          better: better.signal,
          onEvent: (event, timeline) => {
            this.#onEvent(event, timeline, member, feed, skipBeforeS);
          },
        },
        this.abortSignal,
      );
    } finally {
      over.abort();
      await probing;
    }
  }

  /** While a lesser provider is at work, asks the better ones whether they are well again. */
  async #probe(
    member: ChainMember<stt.STT>,
    better: AbortController,
    over: AbortSignal,
  ): Promise<void> {
    const { chain } = this.#options;
    if (chain.members[0] === member || chain.allFailed) return;
    while (await abortableDelay(PROBE_CHECK_MS, over)) {
      for (const candidate of chain.readyBefore(member)) {
        const error = await probeSTT(candidate, over);
        if (over.aborted) return;
        if (error !== undefined) {
          chain.failed(candidate, error);
          continue;
        }
        chain.returned(candidate);
        better.abort();
        return;
      }
    }
  }

  #onEvent(
    event: stt.SpeechEvent,
    timeline: ConnectionTimeline,
    member: ChainMember<stt.STT>,
    feed: AudioFeed,
    skipBeforeS: number,
  ): void {
    const { chain } = this.#options;
    const isFinal = event.type === stt.SpeechEventType.FINAL_TRANSCRIPT;
    const text = event.alternatives?.[0]?.text ?? '';
    if (text !== '') {
      chain.answered(member);
      this.#silentTurns = 0;
    }
    if (isFinal) {
      const endS = event.alternatives?.[0]?.endTime ?? 0;
      // Without times, a final is taken to cover what was sent before it.
      feed.buffer.settle(timeline.toPosition(endS > 0 ? endS * 1000 : timeline.sentMs));
    }
    const shared = withoutPublished(onSharedClock(event, timeline, this.#offsetS), skipBeforeS);
    if (isFinal) {
      const endS = shared.alternatives?.[0]?.endTime ?? 0;
      this.#publishedUpToS = Math.max(this.#publishedUpToS, endS);
    }
    if (text !== '' && shared.alternatives?.[0]?.text === '') return;
    this.#put(shared);
  }

  #put(event: stt.SpeechEvent): void {
    // A start or an end that another provider reported already is not news.
    if (event.type === stt.SpeechEventType.START_OF_SPEECH) {
      if (this.#speaking) return;
      this.#speaking = true;
    } else if (event.type === stt.SpeechEventType.END_OF_SPEECH) {
      if (!this.#speaking) return;
      this.#speaking = false;
    }
    if (!this.queue.closed) this.queue.put(event);
  }
}
