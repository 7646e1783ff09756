const KEY = 'earshot.choice';
const KINDS = ['stt', 'llm', 'tts'];

const find = (id) => document.querySelector(`#setup-${id}`);

/** What the next call is made of: mode, providers and voice among what the worker offers. Kept in the browser. */
export class SetupView {
  #offers = { modes: [], stt: [], llm: [], tts: [] };
  #dialog = document.querySelector('#setup');
  #onMode;

  /** @param {(mode: string) => void} onMode told when the mode changes */
  constructor(onMode) {
    this.#onMode = onMode;
    document.querySelector('#open-setup').addEventListener('click', () => this.#open());
    this.#dialog.addEventListener('change', () => this.#changed());
    find('tts').addEventListener('change', () => this.#fillVoices(undefined));
    // A click on the backdrop hits the dialog itself.
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** Asks the page's server what there is to choose. */
  async load() {
    try {
      const response = await fetch('/offers');
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.#offers = await response.json();
    } catch (error) {
      console.warn('What can be chosen is not known', error);
    }
    this.#fill(readKept());
  }

  /** In a call nothing but the devices can be changed. @param {boolean} isInCall */
  lock(isInCall) {
    find('agent').disabled = isInCall;
    find('note').textContent = isInCall
      ? 'Devices change at once. The rest can be changed after this call.'
      : '';
  }

  /** @returns {string} 'conversation' or 'transcription' */
  get mode() {
    return this.#dialog.querySelector('[name=mode]:checked').value;
  }

  /** What differs from what the worker does anyway. @returns {Record<string, string> | undefined} */
  get choice() {
    const isTalk = this.mode === 'conversation';
    const kinds = isTalk ? KINDS : ['stt'];
    const wanted = Object.fromEntries(
      kinds
        .map((kind) => [kind, find(kind).value, this.#offers[kind][0]?.id])
        .filter(([, value, usual]) => value !== '' && value !== usual)
        .map(([kind, value]) => [kind, value]),
    );
    const voice = find('voice').value;
    if (isTalk && voice !== '' && voice !== this.#tts?.voice) wanted.voice = voice;
    if (this.#offers.modes.length > 0 && this.mode !== this.#offers.modes[0])
      wanted.mode = this.mode;
    return Object.keys(wanted).length === 0 ? undefined : wanted;
  }

  /** Who would do what, for the list of the page. */
  get plan() {
    const { mode } = this;
    const [stt, llm, tts] = KINDS.map((kind) => find(kind).value);
    return mode === 'transcription'
      ? { mode, stt }
      : { mode, stt, llm, tts, voice: find('voice').value };
  }

  get #tts() {
    return this.#offers.tts.find(({ id }) => id === find('tts').value);
  }

  #open() {
    this.#dialog.showModal();
    // A worker or an endpoint that came up later has more to offer.
    if (!find('agent').disabled) void this.load();
  }

  #fill(kept) {
    for (const kind of KINDS) {
      options(
        find(kind),
        this.#offers[kind].map(({ id, title }) => [id, `${id} · ${title}`]),
        kept[kind],
      );
    }
    for (const radio of this.#dialog.querySelectorAll('[name=mode]')) {
      const isOffered = this.#offers.modes.includes(radio.value);
      radio.disabled = this.#offers.modes.length > 0 && !isOffered;
      radio.checked = radio.value === (kept.mode ?? this.#offers.modes[0] ?? 'conversation');
    }
    const usable = this.#dialog.querySelector('[name=mode]:checked:not(:disabled)');
    if (!usable) this.#dialog.querySelector('[name=mode]:not(:disabled)').checked = true;
    this.#fillVoices(kept.voice);
    this.#show();
  }

  #fillVoices(wanted) {
    const offer = this.#tts;
    const voices = offer?.voices ?? [];
    const names = offer?.voice && !voices.includes(offer.voice) ? [offer.voice, ...voices] : voices;
    options(
      find('voice'),
      names.map((name) => [name, name]),
      wanted ?? offer?.voice,
    );
  }

  #changed() {
    const kept = { mode: this.mode, voice: find('voice').value };
    for (const kind of KINDS) kept[kind] = find(kind).value;
    localStorage.setItem(KEY, JSON.stringify(kept));
    this.#show();
  }

  #show() {
    const isTalk = this.mode === 'conversation';
    for (const kind of ['llm', 'tts', 'voice']) find(kind).closest('.field').hidden = !isTalk;
    this.#onMode(this.mode);
  }
}

function options(select, pairs, wanted) {
  select.replaceChildren(
    ...pairs.map(([value, text]) => {
      const option = document.createElement('option');
      option.value = value;
      option.textContent = text;
      return option;
    }),
  );
  if (pairs.some(([value]) => value === wanted)) select.value = wanted;
  // Nothing to choose is shown as what it is.
  select.disabled = pairs.length < 2;
}

function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
