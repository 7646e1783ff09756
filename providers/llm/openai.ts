import { LLM } from '@livekit/agents-plugin-openai';
import { z } from 'zod';
import { NO_KEY } from '../jetson-options.js';
import { needsKeyWithoutBaseUrl, openaiEnv, openaiOptions } from '../openai-options.js';
import { defineLLMProvider } from '../provider-definition.js';

/** OpenAI, Ollama, llama.cpp, vLLM: whatever speaks the chat completions protocol. */
export const openaiLLM = defineLLMProvider({
  id: 'openai',
  title: 'OpenAI, Ollama, llama.cpp, vLLM: any chat completions server',
  options: z
    .strictObject({
      ...openaiOptions,
      model: z.string().min(1).default('gpt-4.1-mini'),
      temperature: z.number().min(0).max(2).optional(),
      maxTokens: z.number().int().min(1).max(32_768).optional(),
    })
    .superRefine(needsKeyWithoutBaseUrl),
  env: {
    ...openaiEnv('LLM'),
    model: { names: ['OPENAI_LLM_MODEL'], description: 'Model that answers.' },
    temperature: { names: ['OPENAI_LLM_TEMPERATURE'], description: 'Sampling temperature.' },
    maxTokens: { names: ['OPENAI_LLM_MAX_TOKENS'], description: 'Longest reply, in tokens.' },
  },
  capabilities: { usesLocalEndpoint: false, toolCalls: true },
  create: ({ apiKey, baseUrl, model, temperature, maxTokens }) =>
    new LLM({
      model,
      apiKey: apiKey ?? NO_KEY,
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxCompletionTokens: maxTokens }),
    }),
});
