import { LLM } from '@livekit/agents-plugin-openai';
import { z } from 'zod';
import { jetsonEnv, jetsonHealthUrl, jetsonOptions, modelName, NO_KEY } from '../jetson-options.js';
import { defineLLMProvider } from '../provider-definition.js';

/** The language model of this project's own endpoint, over the chat completions protocol. */
export const jetsonLLM = defineLLMProvider({
  id: 'jetson',
  title: 'Your own inference endpoint',
  options: z.strictObject({
    ...jetsonOptions,
    model: modelName.default('smollm2-135m-instruct'),
    // A model this small loses the thread when it samples; 0 itself is dropped by the plugin.
    temperature: z.number().min(0.01).max(2).default(0.01),
    maxTokens: z.number().int().min(1).max(4096).default(200),
  }),
  env: {
    ...jetsonEnv,
    model: {
      names: ['JETSON_LLM_MODEL'],
      description: 'Language model, as its /v1/models lists it.',
    },
    temperature: { names: ['JETSON_LLM_TEMPERATURE'], description: 'Sampling temperature.' },
    maxTokens: { names: ['JETSON_LLM_MAX_TOKENS'], description: 'Longest reply, in tokens.' },
  },
  // A model of 135 M parameters calls tools at random; a larger one behind the same endpoint is
  // better reached as `openai` with a base URL.
  capabilities: { usesLocalEndpoint: true, toolCalls: false },
  healthUrl: jetsonHealthUrl,
  create: ({ url, apiKey, model, temperature, maxTokens }) =>
    new LLM({
      model,
      temperature,
      apiKey: apiKey ?? NO_KEY,
      baseURL: `${url}/v1`,
      maxCompletionTokens: maxTokens,
    }),
});
