import { FormData } from 'undici';
import { parseTranscription } from '../transcript-result.js';
import type { HttpSTTProtocol } from './http-stt-protocol.js';

/**
 * OpenAI's `POST /v1/audio/transcriptions`: multipart with `file`, and `model` and `language` where
 * they are set; the key is a bearer token. Most self-hosted servers speak it.
 */
export const openaiHttpProtocol: HttpSTTProtocol = {
  name: 'openai',
  request: (wav, { endpointUrl, apiKey, model, language }) => {
    const form = new FormData();
    form.append('file', new Blob([wav], { type: 'audio/wav' }), 'audio.wav');
    form.append('response_format', 'json');
    if (model !== undefined) form.append('model', model);
    if (language !== undefined) form.append('language', language);
    return {
      url: endpointUrl,
      body: form,
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    };
  },
  parseAnswer: parseTranscription,
};
