/* global ResizeObserver */
import { timeOfDay } from './transcript-formats.js';

/** The reader is "at the end", and follows new words, within this many pixels of it. */
const NEAR_END_PX = 80;
/** Older lines are taken away: a call of hours must not make the page slow. */
const MOST_LINES = 500;

/** Shows the conversation: words that may change are marked, final ones are read out. */
export class TranscriptView {
  #list;
  #spoken;
  #lines = new Map();

  /**
   * @param {HTMLElement} list where the lines are shown
   * @param {HTMLElement} spoken a live region, given only final lines: a screen reader would repeat the others
   */
  constructor(list, spoken) {
    this.#list = list;
    this.#spoken = spoken;
    // A problem or the latencies appear above or below and take room: the newest words stay in sight.
    new ResizeObserver(() => this.#scrollToEnd()).observe(list);
  }

  clear() {
    this.#lines.clear();
    this.#list.replaceChildren();
    this.#spoken.replaceChildren();
    delete document.body.dataset.words;
  }

  /**
   * @param {{speaker: 'you' | 'agent' | 'other', name: string, id: string, text: string, isFinal: boolean,
   *   fromMs?: number}} piece
   */
  show({ speaker, name, id, text, isFinal, fromMs }) {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    const line = this.#lines.get(id) ?? this.#add(speaker, name, id, fromMs ?? Date.now());
    line.textContent = text;
    line.parentElement.classList.toggle('open', !isFinal);
    document.body.dataset.words = 'some';
    if (follows) this.#scrollToEnd();
    if (isFinal) this.#readOut(`${name}: ${text}`);
  }

  /** The call ended: what was open stays as it is. */
  close() {
    this.#list.querySelectorAll('.open').forEach((item) => item.classList.remove('open'));
  }

  /** The caller spoke over this line. @param {string} id */
  markInterrupted(id) {
    const item = this.#lines.get(id)?.parentElement;
    if (!item || item.classList.contains('interrupted')) return;
    item.classList.add('interrupted');
    const badge = document.createElement('span');
    badge.className = 'badge';
    badge.textContent = 'interrupted';
    item.append(badge);
    this.#readOut('The agent was interrupted.');
  }

  /** Something that happened, between the lines. @param {string} sentence */
  note(sentence) {
    const item = document.createElement('li');
    item.className = 'event';
    item.textContent = sentence;
    this.#list.append(item);
    this.#scrollToEnd();
  }

  #scrollToEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #add(speaker, name, id, fromMs) {
    const item = document.createElement('li');
    item.className = speaker;
    const who = document.createElement('span');
    who.className = 'who';
    const when = document.createElement('time');
    when.dateTime = new Date(fromMs).toISOString();
    when.textContent = timeOfDay(fromMs);
    who.append(name, ' ', when);
    const line = document.createElement('span');
    line.className = 'text';
    item.append(who, line);
    this.#list.append(item);
    this.#lines.set(id, line);
    if (this.#lines.size > MOST_LINES) {
      const [oldest, text] = this.#lines.entries().next().value;
      this.#lines.delete(oldest);
      text.parentElement.remove();
    }
    return line;
  }

  #readOut(text) {
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    this.#spoken.append(paragraph);
    if (this.#spoken.childElementCount > MOST_LINES) this.#spoken.firstElementChild.remove();
  }
}
