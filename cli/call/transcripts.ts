import type { Room } from '@livekit/rtc-node';

/** Topic and attributes of the framework's transcripts. */
const TOPIC = 'lk.transcription';
const FINAL_ATTRIBUTE = 'lk.transcription_final';

/** Both sides' words as the room publishes them, with the time at which each final one came. */
export class Transcripts {
  #user: string[] = [];
  #agent: string[] = [];
  #userFinalAt: number | undefined;
  readonly #own: string;

  /** @param own Identity of the caller: its transcripts are the user's. */
  constructor(room: Room, own: string) {
    this.#own = own;
    room.registerTextStreamHandler(TOPIC, (reader, { identity }) => {
      const isFinal = reader.info.attributes?.[FINAL_ATTRIBUTE] === 'true';
      void this.#add(reader.readAll(), identity, isFinal).catch(() => undefined);
    });
  }

  /** Forgets what was said so far. */
  reset(): void {
    this.#user = [];
    this.#agent = [];
    this.#userFinalAt = undefined;
  }

  /** What the user said: finals, in order. */
  get user(): string {
    return this.#user.join(' ');
  }

  /** What the agent said. */
  get agent(): string {
    return this.#agent.join(' ').trim();
  }

  /** When the last final of the user came: `performance.now()`, ms. */
  get userFinalAt(): number | undefined {
    return this.#userFinalAt;
  }

  async #add(whole: Promise<string>, identity: string, isFinal: boolean): Promise<void> {
    const text = (await whole).trim();
    if (text === '') return;
    if (identity !== this.#own) {
      this.#agent.push(text);
    } else if (isFinal) {
      this.#user.push(text);
      this.#userFinalAt = performance.now();
    }
  }
}
