import { describeVariables, type DescribedVariable } from './describe-variables.js';

const HEADER = `# Configuration

Variables come from the environment and from \`.env\` in the working directory; the environment wins, and an empty
variable counts as not set. Nothing needs to be set. Wrong values are reported all at once at the start, and
\`npm run doctor\` tries whether they work. Written by \`npm run env-example\` from the schema; a test keeps it equal.`;

/** The text of docs/configuration.md: every variable of the schema and of each provider, once. */
export const renderConfiguration = (): string => {
  const sections = describeVariables().map(({ title, variables }) => {
    const rows = variables.map((variable) => row(cells(variable)));
    return [
      `## ${title}`,
      '',
      row(['variable', 'default', 'what']),
      row(['---', '---', '---']),
      ...rows,
    ].join('\n');
  });
  return [HEADER, ...sections].join('\n\n') + '\n';
};

const cells = ({
  name,
  description,
  value,
  example,
  choices,
  secret,
}: DescribedVariable): string[] => {
  const more = [
    choices.length > 0 ? `One of: ${choices.map(code).join(', ')}.` : '',
    value === '' && example !== '' ? `Such as ${code(example)}.` : '',
    secret ? 'Secret: never logged or shown.' : '',
  ].filter((sentence) => sentence !== '');
  return [code(name), value === '' ? '' : code(value), [description, ...more].join(' ')];
};

const code = (text: string): string => `\`${text}\``;

// A bar would end the cell.
const row = (texts: readonly string[]): string =>
  `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
