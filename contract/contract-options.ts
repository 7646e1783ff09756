import { it } from 'vitest';

/** What every contract takes. */
export interface ContractOptions<Subject, Id extends string> {
  /** How the suite is called. */
  readonly name: string;
  /** A new object for each test; it is closed by the contract. */
  readonly create: () => Subject | Promise<Subject>;
  /** The same with a key that the service refuses. Left out where there is no key. */
  readonly createWithWrongKey?: () => Subject | Promise<Subject>;
  /** Rules that it is known not to keep, each with the reason: they are skipped and shown. */
  readonly except?: Readonly<Partial<Record<Id, string>>>;
  /** For one test, in ms. Default 60000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Makes the function that declares one rule of a contract. */
export const ruleOf =
  <Subject, Id extends string>({ except, timeoutMs }: ContractOptions<Subject, Id>) =>
  (id: Id, title: string, test: () => Promise<void>): void => {
    const reason = except?.[id];
    if (reason === undefined)
      it(`${id}: ${title}`, { timeout: timeoutMs ?? DEFAULT_TIMEOUT_MS }, test);
    else it.skip(`${id}: ${title} (known: ${reason})`, test);
  };
