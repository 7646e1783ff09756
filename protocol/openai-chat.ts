import { z } from 'zod';

/** Content of a chat message: text, or OpenAI's parts as far as they are text. */
const content = z.union([
  z.string(),
  z
    .array(
      z.object({ type: z.literal('text', 'only text parts are understood'), text: z.string() }),
    )
    .transform((parts) => parts.map(({ text }) => text).join('\n')),
]);

/** One message of a conversation. */
export const chatMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  /** Null where an assistant only called tools. */
  content: content.nullish().transform((value) => value ?? ''),
});

/** Body of OpenAI's `POST /v1/chat/completions`. Fields that are not known are ignored. */
export const chatRequest = z.object({
  model: z.string().max(200).optional(),
  messages: z.array(chatMessage).min(1, 'must have at least one message'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z
    .union([
      z
        .string()
        .min(1)
        .transform((text) => [text]),
      z.array(z.string().min(1)).max(4, 'at most 4 stop texts'),
    ])
    .nullish(),
  n: z.literal(1, 'only one answer is written').nullish(),
});

export type ChatRequest = z.output<typeof chatRequest>;
