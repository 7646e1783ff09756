import type { Generation } from '../engines/language-model-engine.js';
import { errorBody, toApiError } from '../http/error-handler.js';
import { serverSentEvent } from '../http/server-sent-event.js';

/** Fields that every chunk of one answer carries. */
export interface ChunkHead {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
}

/** How the chunks end. */
export interface ChunkOptions {
  readonly includeUsage: boolean;
  readonly usageOf: (generation: Generation) => object;
}

/**
 * An answer as OpenAI's server-sent events. Throws what the engine throws before its first text; after that an error is an
 * event, because the status has been sent.
 */
export async function* chatChunks(
  generate: (onText: (text: string) => void) => Promise<Generation>,
  head: ChunkHead,
  { includeUsage, usageOf }: ChunkOptions,
): AsyncGenerator<string, void, undefined> {
  const texts: string[] = [];
  let wake: () => void = () => undefined;
  let outcome: { readonly generation: Generation } | { readonly error: unknown } | undefined;
  generate((text) => {
    texts.push(text); // bounded by the answer's token limit
    wake();
  })
    .then(
      (generation) => {
        outcome = { generation };
      },
      (error: unknown) => {
        outcome = { error };
      },
    )
    .finally(() => {
      wake();
    });

  const choice = (delta: object, finishReason: string | null = null): string =>
    serverSentEvent({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] });
  let started = false;
  for (;;) {
    const text = texts.splice(0).join('');
    if (text !== '') {
      if (!started) yield choice({ role: 'assistant', content: '' });
      started = true;
      yield choice({ content: text });
    } else if (outcome !== undefined) break;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  if ('error' in outcome) {
    if (!started) throw outcome.error;
    yield serverSentEvent(errorBody(toApiError(outcome.error)));
    return;
  }
  if (!started) yield choice({ role: 'assistant', content: '' });
  yield choice({}, outcome.generation.finishReason);
  if (includeUsage)
    yield serverSentEvent({ ...head, choices: [], usage: usageOf(outcome.generation) });
  yield 'data: [DONE]\n\n';
}
