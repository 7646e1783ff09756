import { describeUrl } from '../../adapters/to-api-error.js';

/** By the code of Node's error: what happened, and what is to be done about it. */
const CAUSES: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Start that service, or correct the port in'],
  ENOTFOUND: ['there is no such host', 'Correct the host name in'],
  EAI_AGAIN: [
    'the name could not be looked up',
    'Check the network and DNS, or correct the host in',
  ],
  EHOSTUNREACH: ['the host is not reachable', 'Check the network, or correct the host in'],
  ENETUNREACH: ['the network is not reachable', 'Check the network, or correct the host in'],
  ECONNRESET: ['it broke the connection', 'Check that ws/http or wss/https is right in'],
  UND_ERR_SOCKET: ['it broke the connection', 'Check that ws/http or wss/https is right in'],
};
const TLS_CODE = /CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/;

/**
 * Says why a service could not be reached.
 * @param variable names the variable that holds the address
 */
export const describeConnectionFailure = (
  error: unknown,
  url: string,
  variable: string,
): { readonly detail: string; readonly remedy: string } => {
  const where = describeUrl(url);
  const code = codeOf(error);
  if (code !== undefined && TLS_CODE.test(code)) {
    return {
      detail: `${where}: TLS failed (${code}): its certificate is not one that this machine trusts, or it does not speak TLS.`,
      remedy: `Give the service a valid certificate, trust its authority (NODE_EXTRA_CA_CERTS), or correct ${variable}.`,
    };
  }
  const [what, remedy] = CAUSES[code ?? ''] ?? [
    isTimeout(error) ? 'it does not answer in time' : messageOf(error),
    'Check that the service runs and that the address is right in',
  ];
  const shown = code === undefined || !(code in CAUSES) ? '' : ` (${code})`;
  return {
    detail: `${where} cannot be reached: ${what}${shown}.`,
    remedy: `${remedy} ${variable}.`,
  };
};

/** The first code of an error, of what caused it, or of the attempts that it sums up. */
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if (error instanceof AggregateError) {
    const inner = error.errors
      .map((one) => codeOf(one, depth + 1))
      .find((code) => code !== undefined);
    if (inner !== undefined) return inner;
  }
  const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return own ?? ('cause' in error ? codeOf(error.cause, depth + 1) : undefined);
};

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /Timeout/.test(`${error.name} ${codeOf(error) ?? ''}`);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
