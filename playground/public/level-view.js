/* global cancelAnimationFrame */
import { createAudioAnalyser } from '/vendor/livekit-client.esm.mjs';

/** Speech is far from full scale: without this the bars would hardly move. */
const GAIN = 2.2;
/** What a screen reader may ask for is brought up to date this often, not at every frame. */
const SPOKEN_EVERY_MS = 500;

/** Moves the level bars with the microphone, and the orb with whoever speaks. */
export class LevelView {
  #meter = document.querySelector('#level');
  #orb = document.querySelector('#orb');
  #sources = new Map();
  #frame = 0;
  #spokenAt = 0;

  /** @param {'you' | 'agent'} speaker */
  watch(speaker, track) {
    this.#sources.get(speaker)?.cleanup();
    this.#sources.set(speaker, createAudioAnalyser(track, { smoothingTimeConstant: 0.6 }));
    if (this.#sources.size === 1) this.#draw();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    for (const source of this.#sources.values()) void source.cleanup();
    this.#sources.clear();
    this.#show(0, 0);
  }

  #draw = () => {
    const volume = (speaker) =>
      Math.min(1, (this.#sources.get(speaker)?.calculateVolume() ?? 0) * GAIN);
    this.#show(volume('you'), volume('agent'));
    this.#frame = requestAnimationFrame(this.#draw);
  };

  #show(you, agent) {
    const bars = [...this.#meter.children];
    bars.forEach((bar, index) => bar.classList.toggle('on', you * bars.length > index + 0.5));
    this.#orb.style.setProperty('--level', Math.max(you, agent).toFixed(3));
    const now = performance.now();
    if (now - this.#spokenAt < SPOKEN_EVERY_MS && you > 0) return;
    this.#spokenAt = now;
    this.#meter.setAttribute('aria-valuenow', String(Math.round(you * 100)));
  }
}
