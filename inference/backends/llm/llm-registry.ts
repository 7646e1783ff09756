import { join } from 'node:path';
import type { EngineHost, EngineOptions, ModelFiles } from '../../engines/engine-host.js';
import type { LanguageModelEngine } from '../../engines/language-model-engine.js';
import { LlamaEngine } from '../../engines/llama/llama-engine.js';
import { BackendRegistry, type BackendDefinition } from '../backend-registry.js';
import { packageMissing } from '../package-missing.js';

/** A language model library. One object holds one model. */
export interface LLMBackend extends LanguageModelEngine, EngineHost {
  /** Starts the worker and resolves when the model is loaded and warm. @throws EngineFailedError */
  load(files: ModelFiles, verified: boolean): Promise<void>;
}

/** Registered with `registerLLMBackend`. */
export interface LLMBackendDefinition extends Omit<BackendDefinition<LLMBackend>, 'create'> {
  create(options: EngineOptions): LLMBackend;
}

/** llama.cpp with gguf models; builds for x64 and arm64, with CUDA where its optional packages are installed. */
const llamaCpp: LLMBackendDefinition = {
  name: 'llama-cpp',
  title: 'llama.cpp (node-llama-cpp)',
  missing: () =>
    packageMissing([
      `@node-llama-cpp/${process.platform === 'darwin' ? 'mac' : process.platform}-${process.arch}`,
      '@node-llama-cpp/mac-arm64-metal',
    ]),
  expects: 'one .gguf',
  filesIn: (folder, names) => {
    const models = names.filter((name) => name.endsWith('.gguf'));
    const [model] = models;
    return model === undefined || models.length > 1 ? undefined : { model: join(folder, model) };
  },
  create: (options) => new LlamaEngine(options),
};

/** The language model backends. A new one is a file and a name here. */
export const llmBackends = new BackendRegistry<LLMBackendDefinition>('language-model', [llamaCpp]);

/** Makes a backend known under its name. @throws Error when the name is taken */
export function registerLLMBackend(definition: LLMBackendDefinition): void {
  llmBackends.register(definition);
}
