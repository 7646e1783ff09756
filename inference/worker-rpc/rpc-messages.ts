/** A method every worker has: answers at once when its thread is free. */
export const PING_METHOD = 'ping';

/** What the HTTP thread sends to an engine's worker. */
export type RpcRequest =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: string;
      readonly argument: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** What an engine's worker sends back. */
export type RpcReply =
  | { readonly kind: 'ready'; readonly info: unknown }
  | { readonly kind: 'load-failed'; readonly message: string }
  | { readonly kind: 'item'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly message: string;
      /** True when the caller's input is at fault, not the engine. */
      readonly badInput: boolean;
    };
