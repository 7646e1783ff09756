import type { ChatHistoryItem, LlamaChat } from 'node-llama-cpp';
import type { ChatTurn, Generation } from '../language-model-engine.js';

/** What one reply is written from. */
export interface WriteReplyArgument {
  readonly turns: readonly ChatTurn[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop: readonly string[];
}

/** Writes the next turn on a chat's sequence; text goes to `emit` as it comes. @throws the signal's reason when aborted */
export async function writeReply(
  chat: LlamaChat,
  argument: WriteReplyArgument,
  signal: AbortSignal,
  emit: (text: string) => void,
): Promise<Omit<Generation, 'droppedTurns'>> {
  const meter = chat.sequence.tokenMeter.getState();
  let text = '';
  const { metadata } = await chat.generateResponse(toHistory(argument.turns), {
    maxTokens: argument.maxTokens,
    temperature: argument.temperature,
    ...(argument.topP === undefined ? {} : { topP: argument.topP }),
    ...(argument.seed === undefined ? {} : { seed: argument.seed }),
    ...(argument.stop.length > 0 ? { customStopTriggers: argument.stop } : {}),
    signal,
    onTextChunk: (part) => {
      // Models begin a reply with white space; nobody wants to hear or show it.
      const shown = text === '' ? part.trimStart() : part;
      if (shown === '') return;
      text += shown;
      emit(shown);
    },
  });
  const used = chat.sequence.tokenMeter.diff(meter);
  return {
    text: text.trimEnd(),
    finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
    promptTokens: chat.model.tokenize(argument.turns.map((turn) => turn.text).join('\n')).length,
    completionTokens: used.usedOutputTokens,
  };
}

function toHistory(turns: readonly ChatTurn[]): ChatHistoryItem[] {
  const history = turns.map(({ role, text }): ChatHistoryItem =>
    role === 'assistant' ? { type: 'model', response: [text] } : { type: role, text },
  );
  // The reply is written into a last, empty model turn.
  return [...history, { type: 'model', response: [] }];
}
