import { environmentSchema } from '../../config/env-schema.js';
import type { Variables } from '../../config/read-variables.js';
import { allProviders } from '../../providers/find-provider.js';
import type { Finding } from './finding.js';

/** A "secret" this short would mask parts of ordinary words. */
const SHORTEST = 4;

/** The values of all variables that are marked as secret. */
export const secretsOf = (variables: Variables): readonly string[] => {
  const kinds = ['stt', 'llm', 'tts'] as const;
  const names = new Set([
    ...Object.entries(environmentSchema.shape)
      .filter(([, schema]) => schema.meta()?.secret === true)
      .map(([name]) => name),
    ...kinds
      .flatMap((kind) => allProviders(kind))
      .flatMap(({ env }) => Object.values(env))
      .flatMap((variable) => (variable?.secret === true ? variable.names : [])),
  ]);
  return [...names].flatMap((name) => {
    const value = variables[name];
    return value !== undefined && value.length >= SHORTEST ? [value] : [];
  });
};

/** The finding with every secret masked. */
export const withoutSecrets = (finding: Finding, secrets: readonly string[]): Finding => {
  const mask = (text: string): string =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  return {
    ...finding,
    detail: mask(finding.detail),
    ...(finding.remedy === undefined ? {} : { remedy: mask(finding.remedy) }),
  };
};
