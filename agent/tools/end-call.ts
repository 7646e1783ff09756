import { llm } from '@livekit/agents';

/** Lets the model hang up: what it is saying is spoken to its end, then the session closes. */
export const endCall = () =>
  llm.tool({
    name: 'end_call',
    description: 'Ends the call. Say goodbye first, and call it only when the user wants to stop.',
    execute: (_arguments, { ctx }) => {
      // Not awaited: closing waits for the speech that this very call belongs to.
      ctx.session.shutdown({ drain: true });
      return Promise.resolve('The call ends after this sentence.');
    },
  });
