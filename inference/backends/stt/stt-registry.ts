import { BackendRegistry } from '../backend-registry.js';
import { sherpaOnnxSTT } from './sherpa-onnx.js';
import type { STTBackendDefinition } from './stt-backend.js';
import { whisperCpp } from './whisper-cpp.js';

/** The speech-to-text backends, in the order in which a model folder is offered to them. A new one is a file and a name here. */
export const sttBackends = new BackendRegistry<STTBackendDefinition>('speech-to-text', [
  whisperCpp,
  sherpaOnnxSTT,
]);

/** Makes a backend known under its name. @throws Error when the name is taken */
export function registerSTTBackend(definition: STTBackendDefinition): void {
  sttBackends.register(definition);
}
