import { readdir } from 'node:fs/promises';

/** A subcommand: a file of bench/commands, which exports this. */
export interface BenchCommand {
  /** One line for the list. */
  readonly summary: string;
  run(args: string[]): Promise<void>;
}

const folder = new URL('./commands/', import.meta.url);
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

async function command(name: string): Promise<BenchCommand> {
  return (await import(new URL(`${name}.ts`, folder).href)) as BenchCommand;
}

const [name, ...args] = process.argv.slice(2);
if (name !== undefined && names.includes(name)) {
  await (await command(name)).run(args);
} else {
  if (name !== undefined) {
    process.stderr.write(`There is no benchmark ${JSON.stringify(name)}.\n`);
    process.exitCode = 2;
  }
  process.stdout.write('npm run bench -- NAME [options]\n');
  for (const one of names) {
    process.stdout.write(`  ${one.padEnd(12)} ${(await command(one)).summary}\n`);
  }
}
