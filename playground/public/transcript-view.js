/* global ResizeObserver */
const NAMES = { you: 'You', agent: 'Agent' };
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

  /** @param {{speaker: 'you' | 'agent', id: string, text: string, isFinal: boolean}} piece */
  show({ speaker, id, text, isFinal }) {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    const line = this.#lines.get(id) ?? this.#add(speaker, id);
    line.textContent = text;
    line.parentElement.classList.toggle('open', !isFinal);
    document.body.dataset.words = 'some';
    if (follows) this.#scrollToEnd();
    if (isFinal) this.#readOut(`${NAMES[speaker]}: ${text}`);
  }

  /** The call ended: what was open stays as it is. */
  close() {
    this.#list.querySelectorAll('.open').forEach((item) => item.classList.remove('open'));
  }

  #scrollToEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #add(speaker, id) {
    const item = document.createElement('li');
    item.className = speaker;
    const who = document.createElement('span');
    who.className = 'who';
    who.textContent = NAMES[speaker];
    const line = document.createElement('span');
    line.className = 'text';
    item.append(who, line);
    this.#list.append(item);
    this.#lines.set(id, line);
    if (this.#lines.size > MOST_LINES) {
      this.#lines.delete(this.#lines.keys().next().value);
      this.#list.firstElementChild.remove();
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
