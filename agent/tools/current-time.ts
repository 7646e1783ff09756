import { llm } from '@livekit/agents';
import { z } from 'zod';

/** Tells the model the time, in the caller's time zone when it knows one. */
export const currentTime = () =>
  llm.tool({
    name: 'current_time',
    description: 'Tells the current date and time. Call it whenever the user asks for either.',
    parameters: z.object({
      timeZone: z
        .string()
        .max(64)
        .optional()
        .describe('IANA time zone such as Europe/Paris; leave out when the user named no place.'),
    }),
    execute: ({ timeZone }) => Promise.resolve(describeTime(new Date(), timeZone)),
  });

/** The moment in words, or a sentence the model can pass on when there is no such time zone. */
export const describeTime = (now: Date, timeZone: string | undefined): string => {
  const format: Intl.DateTimeFormatOptions = {
    dateStyle: 'full',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  try {
    return new Intl.DateTimeFormat('en-GB', format).format(now);
  } catch {
    return `There is no time zone called "${timeZone ?? ''}". Ask which city is meant.`;
  }
};
