import { JinjaTemplateChatWrapper, LlamaChat, type LlamaContext } from 'node-llama-cpp';
import type { ChatTurn } from '../language-model-engine.js';

/** A sequence of the context that is in use. */
export interface SequenceSlot {
  readonly chat: LlamaChat;
  /** Notes what the sequence's cache holds now. */
  remember(turns: readonly ChatTurn[]): void;
  release(): void;
}

interface Slot {
  readonly chat: LlamaChat;
  turns: readonly ChatTurn[];
  busy: boolean;
}

/**
 * The context's sequences. A conversation gets the free sequence that shares the most turns with it, so that only what is new
 * is computed: the first token then takes tens of milliseconds whatever the length of the conversation.
 */
export class SequencePool {
  readonly #slots: Slot[];

  constructor(context: LlamaContext, count: number) {
    // The model's own template: the library's one for ChatML begins with a second start marker, which small models mind.
    const template = context.model.fileInfo.metadata.tokenizer.chat_template;
    const chatWrapper =
      template === undefined ? 'auto' : new JinjaTemplateChatWrapper({ template });
    this.#slots = Array.from({ length: count }, () => ({
      chat: new LlamaChat({
        contextSequence: context.getSequence(),
        autoDisposeSequence: false,
        chatWrapper,
      }),
      turns: [],
      busy: false,
    }));
  }

  /** @throws Error when all are in use: the caller's queue admits no more than there are */
  take(turns: readonly ChatTurn[]): SequenceSlot {
    const [slot] = this.#slots
      .filter((candidate) => !candidate.busy)
      .sort((a, b) => shared(b.turns, turns) - shared(a.turns, turns));
    if (slot === undefined) throw new Error('every sequence of the language model is in use');
    slot.busy = true;
    return {
      chat: slot.chat,
      remember: (now) => {
        slot.turns = now;
      },
      release: () => {
        slot.busy = false;
      },
    };
  }
}

function shared(held: readonly ChatTurn[], wanted: readonly ChatTurn[]): number {
  const different = held.findIndex(
    (turn, i) => turn.role !== wanted[i]?.role || turn.text !== wanted[i].text,
  );
  return different === -1 ? held.length : different;
}
