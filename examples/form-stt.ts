import { FormData } from 'undici';
import { z } from 'zod';
import { CustomHTTPSTTAdapter } from '../adapters/stt/custom-http-stt-adapter.js';

/** The answer of a service that says it its own way. */
const answer = z.object({ transcript: z.object({ text: z.string() }) });

/** An answer is a few sentences. */
const MAX_ANSWER_BYTES = 64 << 10;
/** One attempt, in ms; the adapter repeats it within `requestTimeoutMs`. */
const ATTEMPT_MS = 10_000;

/**
 * Another request format by overriding one method: a form with `audio` and `language`, answered by
 * `{"transcript":{"text":"…"}}`. Finding the utterances, repeating requests and reporting errors stay
 * with the adapter; whatever is thrown here is reported and never ends the call.
 *
 * @example
 * ```ts
 * const stt = new FormSTT({ endpointUrl: 'https://api.example.com/v1/transcribe', apiKey, language: 'en-US' });
 * ```
 */
export class FormSTT extends CustomHTTPSTTAdapter {
  override label = 'example.FormSTT';

  protected override async sendAudioChunk(wav: Uint8Array, signal: AbortSignal): Promise<string> {
    const form = new FormData();
    form.append('audio', new Blob([wav], { type: 'audio/wav' }), 'audio.wav');
    form.append('language', this.language ?? 'en-US');
    const { bytes } = await this.http.fetchBytes(
      {
        url: this.endpointUrl,
        body: form,
        headers: { authorization: `Bearer ${this.apiKey ?? ''}` },
      },
      { totalMs: ATTEMPT_MS, maxBytes: MAX_ANSWER_BYTES },
      signal,
      this.context,
    );
    return answer.parse(JSON.parse(new TextDecoder().decode(bytes))).transcript.text;
  }
}
