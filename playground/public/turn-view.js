/** Shows where the time of the last turn went, from the end of the caller's speech to the first sound. */
export class TurnView {
  #section = document.querySelector('#turn');
  #total = document.querySelector('#turn-total');
  #track = document.querySelector('#turn-track');
  #parts = document.querySelector('#turn-parts');

  hide() {
    this.#section.hidden = true;
  }

  /**
   * @param {{endOfSpeechToFinalMs?: number, endOfSpeechToEndOfTurnMs?: number, llmFirstTokenMs?: number,
   *   ttsFirstByteMs?: number, endOfSpeechToFirstAudioMs?: number}} turn what the agent measured; whatever is missing is left out
   */
  show(turn) {
    const known = [
      ['heard', 'heard', turn.endOfSpeechToFinalMs],
      // The pause that says that the caller has finished, as far as it is longer than the recognition.
      ['waited', 'end of turn', turn.endOfSpeechToEndOfTurnMs - turn.endOfSpeechToFinalMs],
      ['thought', 'first word', turn.llmFirstTokenMs],
      ['voiced', 'voice', turn.ttsFirstByteMs],
    ].filter(([, , ms]) => Number.isFinite(ms) && ms >= 0);
    const totalMs = turn.endOfSpeechToFirstAudioMs;
    if (!Number.isFinite(totalMs) && known.length === 0) return;
    this.#section.hidden = false;
    this.#total.textContent = Number.isFinite(totalMs) ? seconds(totalMs) : '?';
    const rest = Math.max(0, (totalMs ?? 0) - known.reduce((sum, [, , ms]) => sum + ms, 0));
    this.#track.replaceChildren(
      ...known.map(([part, , ms]) => share(part, ms)),
      ...(rest > 0 ? [share('rest', rest)] : []),
    );
    this.#parts.replaceChildren(...known.map(([part, word, ms]) => legend(part, word, ms)));
  }
}

function share(part, ms) {
  const piece = document.createElement('i');
  piece.className = `part-${part}`;
  piece.style.setProperty('--share', String(Math.max(1, ms)));
  return piece;
}

function legend(part, word, ms) {
  const item = document.createElement('li');
  item.className = `part-${part}`;
  item.textContent = `${word} ${seconds(ms)}`;
  return item;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
