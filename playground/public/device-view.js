import { Room } from '/vendor/livekit-client.esm.mjs';

const KEY = 'earshot.devices';
/** Takes part without a microphone: the person writes, or only listens. */
export const NO_MICROPHONE = 'none';

const microphones = document.querySelector('#setup-microphone');
const speakers = document.querySelector('#setup-speaker');

/** Which microphone and loudspeaker. Kept in the browser; a device that is gone is the system's choice. */
export class DeviceView {
  #kept = readKept();

  /** @param {{microphone: (id: string) => void, speaker: (id: string) => void}} on told of changes */
  constructor(on) {
    microphones.addEventListener('change', () => this.#keep('microphone', microphones.value, on));
    speakers.addEventListener('change', () => this.#keep('speaker', speakers.value, on));
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.refresh());
  }

  /** @returns {string} empty: the system's choice */
  get microphone() {
    return microphones.value;
  }

  get speaker() {
    return speakers.value;
  }

  /** Names appear once the microphone was allowed. */
  async refresh() {
    const [inputs, outputs] = await Promise.all([devices('audioinput'), devices('audiooutput')]);
    fill(microphones, inputs, 'The system’s microphone', this.#kept.microphone, [
      [NO_MICROPHONE, 'None: I only write'],
    ]);
    fill(speakers, outputs, 'The system’s loudspeaker', this.#kept.speaker, []);
    // Not every browser lets a page choose where sound comes out.
    speakers.closest('.field').hidden = outputs.length === 0;
  }

  #keep(kind, id, on) {
    this.#kept[kind] = id;
    localStorage.setItem(KEY, JSON.stringify(this.#kept));
    on[kind](id);
  }
}

async function devices(kind) {
  if (!navigator.mediaDevices) return [];
  try {
    return await Room.getLocalDevices(kind, false);
  } catch {
    return [];
  }
}

function fill(select, found, usual, wanted, more) {
  const named = found
    .filter(({ deviceId }) => deviceId !== '' && deviceId !== 'default')
    .map(({ deviceId, label }, index) => [deviceId, label || `Device ${index + 1}`]);
  const pairs = [['', usual], ...named, ...more];
  select.replaceChildren(
    ...pairs.map(([value, text]) => {
      const option = document.createElement('option');
      option.value = value;
      option.textContent = text;
      return option;
    }),
  );
  if (pairs.some(([value]) => value === wanted)) select.value = wanted;
}

function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
