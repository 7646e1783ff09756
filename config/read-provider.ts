import { z } from 'zod';
import { allProviders, type AnyProvider } from '../providers/find-provider.js';
import type { EnvVariable } from '../providers/provider-definition.js';
import type { ProviderConfig, ProviderKind } from '../providers/registry.js';
import type { ConfigProblem } from './config-error.js';
import { describeIssue } from './describe-issue.js';
import type { Variables } from './read-variables.js';

/**
 * Reads the options of one provider from its variables.
 * @param problems Gets one entry for each variable that is missing or does not fit.
 */
export const readProvider = <Kind extends ProviderKind>(
  kind: Kind,
  definition: AnyProvider<Kind>,
  variables: Variables,
  problems: ConfigProblem[],
): ProviderConfig<Kind> => {
  const seen = new Map<string, { name: string; text: string | undefined; secret: boolean }>();
  const options: Record<string, unknown> = {};
  for (const [option, variable] of Object.entries(definition.env)) {
    if (!variable) continue;
    const found = lookUp(variable, variables);
    seen.set(option, { ...found, secret: variable.secret ?? false });
    if (found.text !== undefined) {
      options[option] = fromText(definition.options.shape[option], found.text);
    }
  }
  const parsed = definition.options.safeParse(options);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const at = seen.get(String(issue.path[0]));
      const wanted = `${kind.toUpperCase()}_PROVIDER=${definition.id} needs it`;
      const problem = describeIssue(issue, at?.text, at?.secret ?? true);
      problems.push({
        where: at?.name ?? `${kind.toUpperCase()}_PROVIDER`,
        problem: at?.text === undefined ? `${problem} ${wanted}.` : problem,
      });
    }
  }
  // Where parsing failed the caller throws before anybody sees this value.
  return { provider: definition.id, ...parsed.data } as ProviderConfig<Kind>;
};

/** The first provider of the registry, which needs nothing, as far as its variables fit. */
export const defaultProvider = <Kind extends ProviderKind>(
  kind: Kind,
  variables: Variables,
): ProviderConfig<Kind> | undefined => {
  const [definition] = allProviders(kind);
  return definition && readProvider(kind, definition, variables, []);
};

const lookUp = (
  variable: EnvVariable,
  variables: Variables,
): { name: string; text: string | undefined } => {
  const name = variable.names.find((candidate) => variables[candidate] !== undefined);
  if (name !== undefined) return { name, text: variables[name] };
  // The last name is the general one (OPENAI_API_KEY rather than OPENAI_LLM_API_KEY).
  return { name: variable.names.at(-1) ?? variable.names[0], text: variable.derive?.(variables) };
};

/** Numbers and booleans come as text; whatever is neither stays text for the schema to refuse. */
const fromText = (schema: unknown, text: string): unknown => {
  const type = baseType(schema);
  if (type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (type === 'boolean' && /^(true|1|yes|on)$/i.test(text)) return true;
  if (type === 'boolean' && /^(false|0|no|off)$/i.test(text)) return false;
  return text;
};

const baseType = (schema: unknown): string => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return baseType(schema.unwrap());
  }
  return schema instanceof z.ZodType ? schema.def.type : 'unknown';
};
