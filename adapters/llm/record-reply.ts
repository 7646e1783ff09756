import type { llm } from '@livekit/agents';

/**
 * Watches a stream while somebody else reads it, and hands over the text once it is complete.
 *
 * The stream itself is returned, so that its retries, errors and metrics stay as they are. A reply
 * that calls a tool, is closed early or fails is not handed over. A failed stream just ends, so any
 * failure of the LLM in the meantime spoils the recording.
 *
 * @param failures - how often the LLM failed so far
 */
export const recordReply = (
  stream: llm.LLMStream,
  failures: () => number,
  onComplete: (reply: readonly string[]) => void,
): llm.LLMStream => {
  const parts: string[] = [];
  let whole = true;
  const failedBefore = failures();
  const next = stream.next.bind(stream);
  const close = stream.close.bind(stream);
  stream.next = async () => {
    const result = await next();
    if (result.done === true) {
      if (whole && parts.length > 0 && failures() === failedBefore) onComplete(parts);
      whole = false;
      return result;
    }
    const { content, toolCalls } = result.value.delta ?? {};
    if (toolCalls !== undefined && toolCalls.length > 0) whole = false;
    if (content !== undefined && content !== '') parts.push(content);
    return result;
  };
  stream.close = () => {
    whole = false;
    close();
  };
  return stream;
};
