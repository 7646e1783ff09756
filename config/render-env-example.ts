import { z } from 'zod';
import { allProviders } from '../providers/find-provider.js';
import type { EnvVariable } from '../providers/provider-definition.js';
import { registry, type ProviderKind } from '../providers/registry.js';
import { inferenceEnv } from '../inference/inference-env.js';
import { agentEnv, providerEnv, serverEnv } from './env-schema.js';

const HEADER = `# Every variable of Earshot, with its default. Nothing here needs to be set: without a .env
# everything runs on this machine. Copy this file to .env and change what you like.
# Written by \`npm run env-example\`; a test keeps it equal to the schema.`;

/** The text of `.env.example`: every variable of the schema and of each provider, once. */
export const renderEnvExample = (): string => {
  const seen = new Set<string>();
  const sections = [
    section('Who does what', ofShape(providerEnv, seen)),
    section('The agent', ofShape(agentEnv, seen)),
    section('Servers and ports', ofShape(serverEnv, seen)),
    section('The inference endpoint of this machine', ofShape(inferenceEnv, seen)),
    ...kinds.flatMap((kind) =>
      allProviders(kind).map((definition) =>
        section(
          `${kind.toUpperCase()}_PROVIDER=${definition.id}: ${definition.title}`,
          Object.entries(definition.env).flatMap(([option, variable]) =>
            variable ? ofProvider(variable, definition.options.shape[option], seen) : [],
          ),
        ),
      ),
    ),
  ];
  return [HEADER, ...sections.filter((text) => text !== '')].join('\n\n') + '\n';
};

const kinds = Object.keys(registry) as ProviderKind[];

const section = (title: string, lines: string[]): string =>
  lines.length === 0 ? '' : [`# --- ${title} ---`, ...lines].join('\n');

const ofShape = (shape: z.ZodRawShape, seen: Set<string>): string[] =>
  Object.entries(shape).flatMap(([name, schema]) => {
    seen.add(name);
    const type = schema as z.ZodType;
    return entry(name, type.description ?? '', defaultOf(type), choices(type));
  });

const ofProvider = (variable: EnvVariable, schema: unknown, seen: Set<string>): string[] => {
  const type = schema as z.ZodType;
  return variable.names
    .filter((name) => !seen.has(name))
    .flatMap((name) => {
      seen.add(name);
      const value = defaultOf(type);
      const shown = value === '' || variable.derive ? (variable.example ?? '') : value;
      return entry(name, variable.description, shown, choices(type));
    });
};

const entry = (name: string, description: string, value: string, allowed: string): string[] => [
  `# ${description}${allowed}`,
  `#${name}=${/[\s#"']/.test(value) ? JSON.stringify(value) : value}`,
];

const defaultOf = (type: z.ZodType): string => {
  const parsed = type.safeParse(undefined);
  const value: unknown = parsed.success ? parsed.data : undefined;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
};

const choices = (type: z.ZodType): string => {
  const inner =
    type instanceof z.ZodDefault || type instanceof z.ZodOptional ? type.unwrap() : type;
  return inner instanceof z.ZodEnum ? ` One of: ${inner.options.join(', ')}.` : '';
};
