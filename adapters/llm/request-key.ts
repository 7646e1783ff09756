import { createHash } from 'node:crypto';
import { llm } from '@livekit/agents';

/** What `llm.LLM.chat` takes. */
export type ChatRequest = Parameters<llm.LLM['chat']>[0];

/**
 * A key that is equal exactly for equal requests: the conversation (without ids and times), the
 * tools, the choice of tools and the extra arguments. `undefined` where a part of the request has no
 * stable form (an image, audio, a tool of the provider): such a request is not cached.
 *
 * @param model - provider and model, because one cache may serve several
 */
export const requestKey = (model: string, request: ChatRequest): string | undefined => {
  const items = request.chatCtx.items.filter(isSent).map(stableItem);
  const tools = stableTools(request.toolCtx);
  if (items.includes(undefined) || tools === undefined) return undefined;
  const { parallelToolCalls, toolChoice, extraKwargs } = request;
  const whole = { model, items, tools, parallelToolCalls, toolChoice, extraKwargs };
  return createHash('sha256')
    .update(JSON.stringify(sorted(whole)))
    .digest('hex');
};

type Sent = llm.ChatMessage | llm.FunctionCall | llm.FunctionCallOutput;

/** Notes about the agent itself are in the context too, but no provider is sent them. */
const isSent = (item: llm.ChatItem): item is Sent =>
  ['message', 'function_call', 'function_call_output'].includes(item.type);

const stableItem = (item: Sent): unknown => {
  if (item.type === 'function_call') return { call: item.name, args: item.args };
  if (item.type === 'function_call_output') return { output: item.output, isError: item.isError };
  const content = item.content.map(stablePart);
  return content.includes(undefined) ? undefined : { role: item.role, content };
};

const stablePart = (part: llm.ChatContent): unknown => {
  if (typeof part === 'string') return part;
  return part.type === 'instructions' ? part.toJSON() : undefined;
};

const stableTools = (toolCtx: ChatRequest['toolCtx']): unknown => {
  const context = llm.toToolContext(toolCtx);
  if (context === undefined) return [];
  if (context.providerTools.length > 0) return undefined;
  return Object.values(context.functionTools).map(({ name, description, parameters }) => ({
    name,
    description,
    parameters: llm.toJsonSchema(parameters),
  }));
};

/** The same value with the keys of every object in order, so that equal objects read equal. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};
