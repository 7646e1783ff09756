import { z } from 'zod';
import { apiKey, httpUrl } from './option-schemas.js';
import type { EnvVariable } from './provider-definition.js';

/** Options shared by the three providers that this project's own endpoint serves. */
export const jetsonOptions = {
  url: httpUrl.default('http://127.0.0.1:8800'),
  apiKey: apiKey.optional(),
};

/** Wildcard addresses are for listening; a client on the same machine connects to loopback. */
const connectHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** Their variables: the local endpoint unless JETSON_URL names another box. */
export const jetsonEnv = {
  url: {
    names: ['JETSON_URL'],
    description:
      'The inference endpoint on another machine. Default: the local one (INFERENCE_HOST, INFERENCE_PORT).',
    example: 'http://jetson.local:8800',
    derive: (env) =>
      `http://${connectHost(env.INFERENCE_HOST ?? '127.0.0.1')}:${env.INFERENCE_PORT ?? '8800'}`,
  },
  apiKey: {
    names: ['JETSON_API_KEY'],
    description: 'Its key. Default: INFERENCE_API_KEY when the endpoint is the local one.',
    secret: true,
    derive: (env) => (env.JETSON_URL === undefined ? env.INFERENCE_API_KEY : undefined),
  },
} satisfies Record<string, EnvVariable>;

/** Where the endpoint says whether it is ready. */
export const jetsonHealthUrl = (options: { url: string }): string => `${options.url}/healthz`;

/** The key that OpenAI's client insists on when the endpoint needs none. */
export const NO_KEY = 'none';

/** `ws(s)://…` of an `http(s)://…` address. */
export const toWebSocketUrl = (url: string): string => url.replace(/^http/, 'ws');

/** A model or voice name as the endpoint lists it. */
export const modelName = z.string().min(1).max(200);
