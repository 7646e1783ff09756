import { z } from 'zod';
import { inferenceEnv } from '../inference/inference-env.js';
import { allProviders } from '../providers/find-provider.js';
import type { EnvVariable } from '../providers/provider-definition.js';
import { registry, type ProviderKind } from '../providers/registry.js';
import { agentEnv, providerEnv, serverEnv } from './env-schema.js';

/** A variable as the documentation shows it. */
export interface DescribedVariable {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The default; empty: none, or worked out from other variables. */
  readonly value: string;
  /** Shown where there is no default. */
  readonly example: string;
  /** Allowed values; empty: see the description. */
  readonly choices: readonly string[];
  readonly secret: boolean;
}

/** Variables that belong together. */
export interface VariableSection {
  readonly title: string;
  readonly variables: readonly DescribedVariable[];
}

/** Every variable of the schema and of each provider, once, in the order of the documentation. */
export const describeVariables = (): VariableSection[] => {
  const seen = new Set<string>();
  return [
    { title: 'Who does what', variables: ofShape(providerEnv, seen) },
    { title: 'The agent', variables: ofShape(agentEnv, seen) },
    { title: 'Servers and ports', variables: ofShape(serverEnv, seen) },
    { title: 'The inference endpoint of this machine', variables: ofShape(inferenceEnv, seen) },
    ...(Object.keys(registry) as ProviderKind[]).flatMap((kind) =>
      allProviders(kind).map((definition) => ({
        title: `${kind.toUpperCase()}_PROVIDER=${definition.id}: ${definition.title}`,
        variables: Object.entries(definition.env).flatMap(([option, variable]) =>
          variable ? ofProvider(variable, definition.options.shape[option], seen) : [],
        ),
      })),
    ),
  ].filter(({ variables }) => variables.length > 0);
};

const ofShape = (shape: z.ZodRawShape, seen: Set<string>): DescribedVariable[] =>
  Object.entries(shape).map(([name, schema]) => {
    seen.add(name);
    const type = schema as z.ZodType;
    return {
      name,
      description: type.description ?? '',
      value: defaultOf(type),
      example: '',
      choices: choicesOf(type),
      secret: type.meta()?.secret === true,
    };
  });

const ofProvider = (
  variable: EnvVariable,
  schema: unknown,
  seen: Set<string>,
): DescribedVariable[] => {
  const type = schema as z.ZodType;
  return variable.names
    .filter((name) => !seen.has(name))
    .map((name) => {
      seen.add(name);
      return {
        name,
        description: variable.description,
        value: variable.derive ? '' : defaultOf(type),
        example: variable.example ?? '',
        choices: choicesOf(type),
        secret: variable.secret ?? false,
      };
    });
};

const defaultOf = (type: z.ZodType): string => {
  const parsed = type.safeParse(undefined);
  const value: unknown = parsed.success ? parsed.data : undefined;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
};

const choicesOf = (type: z.ZodType): string[] => {
  const inner =
    type instanceof z.ZodDefault || type instanceof z.ZodOptional ? type.unwrap() : type;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
};
