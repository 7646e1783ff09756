import { describeVariables, type DescribedVariable } from './describe-variables.js';

const HEADER = `# Every variable of Earshot, with its default. Nothing here needs to be set: without a .env
# everything runs on this machine. Copy this file to .env and change what you like.
# Written by \`npm run env-example\`; a test keeps it equal to the schema.`;

/** The text of `.env.example`: every variable of the schema and of each provider, once. */
export const renderEnvExample = (): string => {
  const sections = describeVariables().map(({ title, variables }) =>
    [`# --- ${title} ---`, ...variables.map(render)].join('\n'),
  );
  return [HEADER, ...sections].join('\n\n') + '\n';
};

const render = ({ name, description, value, example, choices }: DescribedVariable): string => {
  const allowed = choices.length > 0 ? ` One of: ${choices.join(', ')}.` : '';
  const shown = value === '' ? example : value;
  const quoted = /[\s#"']/.test(shown) ? JSON.stringify(shown) : shown;
  return `# ${description}${allowed}\n#${name}=${quoted}`;
};
