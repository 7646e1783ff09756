import type { ChatTurn } from '../language-model-engine.js';
import { InputError } from '../../worker-rpc/input-error.js';

/** Tokens that the chat template adds to a turn (ChatML: two markers, a role, two line ends). */
const TOKENS_PER_TURN = 8;
/** Share of the context that an answer may claim at most, so that there is always room for a question. */
const MAX_ANSWER_SHARE = 0.5;

/** What is left of a conversation. */
export interface FittedTurns {
  readonly turns: readonly ChatTurn[];
  readonly maxTokens: number;
  readonly droppedTurns: number;
}

/**
 * Makes a conversation fit the context: the oldest turns go first, system turns and the last turn stay.
 *
 * @throws InputError when what must stay is too long by itself
 */
export function fitTurns(
  turns: readonly ChatTurn[],
  limits: {
    readonly contextTokens: number;
    readonly maxTokens: number;
    readonly count: (text: string) => number;
  },
): FittedTurns {
  const maxTokens = Math.min(limits.maxTokens, Math.floor(limits.contextTokens * MAX_ANSWER_SHARE));
  const room = limits.contextTokens - maxTokens - TOKENS_PER_TURN;
  const sized = turns.map((turn, i) => ({
    turn,
    tokens: limits.count(turn.text) + TOKENS_PER_TURN,
    stays: turn.role === 'system' || i === turns.length - 1,
  }));
  let total = sized.reduce((sum, { tokens }) => sum + tokens, 0);
  const kept = sized.filter(({ tokens, stays }) => {
    if (total <= room || stays) return true;
    total -= tokens;
    return false;
  });
  if (total > room) {
    throw new InputError(
      `The instructions and the last message need ${total} tokens; the model has room for ${room} besides its answer of ${maxTokens}. Shorten them or lower max_tokens.`,
    );
  }
  return {
    turns: kept.map(({ turn }) => turn),
    maxTokens,
    droppedTurns: turns.length - kept.length,
  };
}
