import { inSeconds, layOutTurn, scaleFor } from './turn-layout.js';
import { summarise } from './percentiles.js';

/** Percentiles count every turn; this many are drawn. */
const MOST_DRAWN = 200;

const find = (id) => document.querySelector(`#${id}`);

/** Draws every turn of the call to one scale, newest first, and the percentiles of the call. */
export class TimelineView {
  #turns = [];

  clear() {
    this.#turns = [];
    this.#draw();
  }

  /**
   * @param {object} turn what the agent measured; whatever is missing is left out
   * @param {string} words what the caller said, may be empty
   */
  add(turn, words) {
    this.#turns.push({ ...turn, words });
    this.#draw();
  }

  #draw() {
    const timed = this.#turns.filter((turn) => layOutTurn(turn).length > 0);
    find('turns-empty').hidden = timed.length > 0;
    find('timeline').hidden = timed.length === 0;
    this.#drawPercentiles();
    const drawn = timed.slice(-MOST_DRAWN).reverse();
    const scale = scaleFor(drawn.map((turn) => turn.endOfSpeechToFirstAudioMs));
    find('turns').replaceChildren(...drawn.map((turn) => row(turn, scale.endMs)));
    find('axis').replaceChildren(
      ...scale.ticksMs.map((ms) => {
        const tick = element('span', '', `${ms / 1000} s`);
        tick.style.setProperty('--at', String(ms / scale.endMs));
        return tick;
      }),
    );
  }

  #drawPercentiles() {
    const rows = summarise(this.#turns);
    find('percentiles').hidden = rows.length === 0;
    find('percentile-rows').replaceChildren(
      ...rows.map(({ name, p50, p90, max }) => {
        const line = element('tr', '', '');
        const head = element('th', '', name);
        head.scope = 'row';
        line.append(head, ...[p50, p90, max].map((ms) => element('td', '', inSeconds(ms))));
        return line;
      }),
    );
  }
}

function row(turn, scaleEndMs) {
  const pieces = layOutTurn(turn);
  const item = element('li', '', '');
  const head = element('p', 'turn-head', '');
  head.append(
    element('span', 'turn-words', turn.words || 'Turn'),
    ...(turn.interrupted ? [element('span', 'badge', 'interrupted')] : []),
    element('strong', '', inSeconds(turn.endOfSpeechToFirstAudioMs)),
  );
  const track = element('div', 'turn-track', '');
  for (const { part, fromMs, toMs } of pieces) {
    const piece = element('i', `part-${part}`, '');
    piece.style.setProperty('--from', String(fromMs / scaleEndMs));
    piece.style.setProperty('--share', String((toMs - fromMs) / scaleEndMs));
    track.append(piece);
  }
  const words = pieces.map(({ name, fromMs, toMs }) => `${name} ${inSeconds(toMs - fromMs)}`);
  item.append(head, track, element('p', 'unseen', words.join(', ')));
  item.title = words.join('\n');
  return item;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
