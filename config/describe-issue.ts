import type { z } from 'zod';

/** A value longer than this is shortened in a message. */
const MAX_SHOWN_CHARACTERS = 60;

/**
 * One sentence about a value that its schema refused: what was seen (never a secret), what is allowed.
 * @param seen The text of the variable, or undefined when it is not set.
 */
export const describeIssue = (
  issue: z.core.$ZodIssue,
  seen: string | undefined,
  secret: boolean,
): string => {
  if (seen === undefined) {
    return issue.code === 'custom' ? `is not set; it ${issue.message}.` : 'is not set.';
  }
  return `is ${shown(seen, secret)}; it ${allowed(issue)}.`;
};

const shown = (seen: string, secret: boolean): string => {
  if (secret) return 'set to something else (not shown)';
  const short =
    seen.length > MAX_SHOWN_CHARACTERS ? `${seen.slice(0, MAX_SHOWN_CHARACTERS)}…` : seen;
  // An address may carry a user and a password.
  return JSON.stringify(short.replace(/\/\/[^/@\s]*@/, '//***@'));
};

const allowed = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}${unit(issue.origin)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unit(issue.origin)}`;
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : article(issue.expected)}`;
    default:
      return issue.message.startsWith('must') ? issue.message : `does not fit: ${issue.message}`;
  }
};

const unit = (origin: string): string => (origin === 'string' ? ' characters long' : '');

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
