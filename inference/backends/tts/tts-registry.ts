import { BackendRegistry } from '../backend-registry.js';
import { kokoro } from './kokoro.js';
import { piper } from './piper.js';
import type { TTSBackendDefinition } from './tts-backend.js';

/** The text-to-speech backends, in the order in which a model folder is offered to them. A new one is a file and a name here. */
export const ttsBackends = new BackendRegistry<TTSBackendDefinition>('text-to-speech', [
  piper,
  kokoro,
]);

/** Makes a backend known under its name. @throws Error when the name is taken */
export function registerTTSBackend(definition: TTSBackendDefinition): void {
  ttsBackends.register(definition);
}
