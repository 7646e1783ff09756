import type { z } from 'zod';
import { apiKey, httpUrl } from './option-schemas.js';
import type { EnvVariable } from './provider-definition.js';

/** Options that OpenAI's three services share: OpenAI itself, or whatever speaks its protocol. */
export const openaiOptions = {
  apiKey: apiKey.optional(),
  baseUrl: httpUrl.optional(),
};

/** Variables of one service; OPENAI_BASE_URL stands in for all three where they have no address of their own. */
export const openaiEnv = (service: 'STT' | 'LLM' | 'TTS') =>
  ({
    apiKey: {
      names: [`OPENAI_${service}_API_KEY`, 'OPENAI_API_KEY'],
      description: 'Key of the service; not needed for a server of your own.',
      secret: true,
    },
    baseUrl: {
      names: [`OPENAI_${service}_BASE_URL`, 'OPENAI_BASE_URL'],
      description: 'Another server that speaks the same protocol, up to and including /v1.',
      example: 'http://localhost:11434/v1',
    },
  }) satisfies Record<string, EnvVariable>;

/** The address of the service when none is configured. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** OpenAI itself needs a key; a server of one's own (baseUrl) may not. */
export const needsKeyWithoutBaseUrl = (
  options: { apiKey?: string | undefined; baseUrl?: string | undefined },
  context: z.core.$RefinementCtx,
): void => {
  if (options.apiKey !== undefined || options.baseUrl !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['apiKey'],
    message: 'is needed for OpenAI itself (a server of your own is named by the base URL instead)',
    params: { missing: true },
  });
};
