import sherpa from 'sherpa-onnx-node';
import { VAD_WINDOW_SAMPLES } from '../voice-activity-engine.js';

/** Silero's sample rate here, in Hz. */
export const VAD_SAMPLE_RATE = 16_000;
/** Probability above which a window is speech; Silero's own default. */
const THRESHOLD = 0.5;
/** Silence and speech the detector wants before it changes its mind, in s. Short: endpointing counts by itself. */
const MIN_SILENCE_S = 0.05;
const MIN_SPEECH_S = 0.05;
/** Utterances are cut before this, and the detector is reset then; beyond it sherpa-onnx would change its threshold. */
const MAX_SPEECH_S = 120;
/** The detector keeps audio of its own that is not used here; it grows when needed. */
const BUFFER_S = 10;

/** Silero v5/v6 through sherpa-onnx, one flag per window of 32 ms. */
export class SpeechDetector {
  readonly #vad: InstanceType<typeof sherpa.Vad>;
  #rest = new Float32Array(0);

  constructor(modelPath: string) {
    this.#vad = new sherpa.Vad(
      {
        sileroVad: {
          model: modelPath,
          threshold: THRESHOLD,
          minSilenceDuration: MIN_SILENCE_S,
          minSpeechDuration: MIN_SPEECH_S,
          windowSize: VAD_WINDOW_SAMPLES,
          maxSpeechDuration: MAX_SPEECH_S,
        },
        sampleRate: VAD_SAMPLE_RATE,
        numThreads: 1, // a window takes 0.1 ms: more threads only spin
        provider: 'cpu',
      },
      BUFFER_S,
    );
  }

  /** @param samples - mono at 16 kHz; a part of a window is kept for the next call */
  push(samples: Float32Array): Uint8Array {
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const windows = Math.floor(all.length / VAD_WINDOW_SAMPLES);
    const flags = new Uint8Array(windows);
    for (let i = 0; i < windows; i += 1) {
      this.#vad.acceptWaveform(all.slice(i * VAD_WINDOW_SAMPLES, (i + 1) * VAD_WINDOW_SAMPLES));
      flags[i] = this.#vad.isDetected() ? 1 : 0;
      while (!this.#vad.isEmpty()) this.#vad.pop();
    }
    this.#rest = all.slice(windows * VAD_WINDOW_SAMPLES);
    return flags;
  }

  /** Forgets speech in progress, not the part of a window that waits. */
  reset(): void {
    this.#vad.reset();
  }
}
