import { timeOfDay } from './transcript-formats.js';

const NAMES = { stt: 'Speech to text', llm: 'Language model', tts: 'Text to speech' };
/** A service that comes and goes all day must not fill the page. */
const MOST_FAILOVERS = 50;

const list = document.querySelector('#who');
const failovers = document.querySelector('#failovers');

/** Shows which provider does what, and every fail-over. */
export class ProviderView {
  #plan = {};

  /** @param {{stt?: string, llm?: string, tts?: string, voice?: string}} plan */
  show(plan) {
    this.#plan = { ...plan };
    this.#draw();
  }

  clear() {
    failovers.replaceChildren();
    failovers.hidden = true;
  }

  /**
   * A provider took over, or answers for the first time.
   * @param {{kind: 'stt' | 'llm' | 'tts', provider: string, previous?: string, reason?: string, at?: number}} change
   * @returns {string | undefined} a sentence, when one took over from another
   */
  change({ kind, provider, previous, reason, at = Date.now() }) {
    if (!(kind in NAMES) || typeof provider !== 'string') return undefined;
    this.#plan[kind] = provider;
    this.#draw();
    if (previous === undefined || previous === provider) return undefined;
    const why = reason ? `: ${reason}` : '';
    const sentence = `${NAMES[kind]} went from ${previous} to ${provider}${why}`;
    const item = document.createElement('li');
    item.textContent = `${timeOfDay(at)} ${sentence}`;
    failovers.prepend(item);
    failovers.hidden = false;
    if (failovers.childElementCount > MOST_FAILOVERS) failovers.lastElementChild.remove();
    return sentence;
  }

  #draw() {
    const rows = Object.entries(NAMES).filter(([kind]) => this.#plan[kind]);
    list.replaceChildren(
      ...rows.flatMap(([kind, name]) => {
        const term = document.createElement('dt');
        term.textContent = name;
        const detail = document.createElement('dd');
        const voice = kind === 'tts' && this.#plan.voice ? `, voice ${this.#plan.voice}` : '';
        detail.textContent = `${this.#plan[kind]}${voice}`;
        return [term, detail];
      }),
    );
  }
}
