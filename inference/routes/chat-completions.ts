import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { chatRequest, type ChatRequest } from '../../protocol/openai-chat.js';
import type { RouteContext } from '../endpoint-engines.js';
import type { ChatTurn, GenerateRequest, Generation } from '../engines/language-model-engine.js';
import { clientGone } from '../http/client-gone.js';
import { validate } from '../http/parse-json.js';
import { peekFirst } from '../http/peek-first.js';
import { DEFAULT_ANSWER_TOKENS } from '../server-limits.js';
import { chatChunks } from './chat-chunks.js';

/** `POST /v1/chat/completions`, whole or as server-sent events. */
export function registerChatCompletions(app: FastifyInstance, { engines }: RouteContext): void {
  const { llm } = engines;
  app.post('/v1/chat/completions', async (request, reply) => {
    const body = validate(chatRequest, request.body);
    const signal = clientGone(reply);
    const generate = async (onText?: (text: string) => void): Promise<Generation> => {
      const generation = await llm.generate({ ...toRequest(body), onText, signal });
      const { droppedTurns } = generation;
      if (droppedTurns > 0)
        request.log.info({ droppedTurns }, 'oldest turns left out: context full');
      return generation;
    };
    const head = {
      id: `chatcmpl-${randomUUID()}`,
      created: Math.floor(Date.now() / 1000),
      model: llm.model,
    };
    if (body.stream !== true) {
      const generation = await generate();
      return {
        ...head,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: generation.text, refusal: null },
            finish_reason: generation.finishReason,
            logprobs: null,
          },
        ],
        usage: usageOf(generation),
      };
    }
    const chunks = chatChunks(
      generate,
      { ...head, object: 'chat.completion.chunk' },
      {
        includeUsage: body.stream_options?.include_usage === true,
        usageOf,
      },
    );
    const events = await peekFirst(chunks);
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(Readable.from(events, { objectMode: false }));
  });
}

function toRequest(body: ChatRequest): Omit<GenerateRequest, 'onText' | 'signal'> {
  return {
    turns: body.messages.map(({ role, content }): ChatTurn => {
      if (role === 'system' || role === 'developer') return { role: 'system', text: content };
      // The model knows no tools: what one returned is told to it as the user's words.
      if (role === 'tool') return { role: 'user', text: `Result of the tool: ${content}` };
      return { role, text: content };
    }),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_ANSWER_TOKENS,
    temperature: body.temperature ?? 0.2,
    topP: body.top_p ?? undefined,
    seed: body.seed ?? undefined,
    stop: body.stop ?? [],
  };
}

function usageOf({ promptTokens, completionTokens }: Generation) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
