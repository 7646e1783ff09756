/** The part of sherpa-onnx-node 1.13 that this project uses; the package has no declarations of its own. */
declare module 'sherpa-onnx-node' {
  export interface GeneratedAudio {
    readonly samples: Float32Array<ArrayBuffer>;
    readonly sampleRate: number;
  }
  export class OfflineTts {
    constructor(config: object);
    readonly sampleRate: number;
    readonly numSpeakers: number;
    static createAsync(config: object): Promise<OfflineTts>;
    generateAsync(request: {
      text: string;
      sid: number;
      speed: number;
      enableExternalBuffer?: boolean;
      /** Return 0 to stop. */
      onProgress?: (part: { samples: Float32Array; progress: number }) => number;
    }): Promise<GeneratedAudio>;
  }
  export class Vad {
    constructor(config: object, bufferSizeInSeconds: number);
    acceptWaveform(samples: Float32Array): void;
    isEmpty(): boolean;
    isDetected(): boolean;
    pop(): void;
    clear(): void;
    reset(): void;
  }
  export class LinearResampler {
    constructor(inputSampleRate: number, outputSampleRate: number);
    resample(samples: Float32Array): Float32Array<ArrayBuffer>;
    flush(samples: Float32Array): Float32Array<ArrayBuffer>;
  }
  export interface Waveform {
    readonly samples: Float32Array;
    readonly sampleRate: number;
  }
  /** What a recogniser heard; timestamps in s, empty where the model has none. */
  export interface RecognizerResult {
    readonly text: string;
    readonly tokens: readonly string[];
    readonly timestamps: readonly number[];
    readonly lang?: string;
  }
  export interface OfflineStream {
    acceptWaveform(waveform: Waveform): void;
  }
  export class OfflineRecognizer {
    static createAsync(config: object): Promise<OfflineRecognizer>;
    createStream(): OfflineStream;
    decodeAsync(stream: OfflineStream): Promise<RecognizerResult>;
  }
  export interface OnlineStream {
    acceptWaveform(waveform: Waveform): void;
  }
  export class OnlineRecognizer {
    constructor(config: object);
    createStream(): OnlineStream;
    isReady(stream: OnlineStream): boolean;
    decode(stream: OnlineStream): void;
    isEndpoint(stream: OnlineStream): boolean;
    getResult(stream: OnlineStream): RecognizerResult;
  }
  const sherpa: {
    OfflineTts: typeof OfflineTts;
    Vad: typeof Vad;
    LinearResampler: typeof LinearResampler;
    OfflineRecognizer: typeof OfflineRecognizer;
    OnlineRecognizer: typeof OnlineRecognizer;
  };
  export default sherpa;
}
