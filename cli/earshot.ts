import './closed-pipe.js';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { runEntry } from './earshot/run-entry.js';
import { entryCommand } from './supervisor/entry-command.js';

/** A command of `earshot`, and the program of this project that does it. */
interface Entry {
  readonly path: string;
  readonly does: string;
  /** What it is given when nothing is. */
  readonly usually?: readonly string[];
  /** It takes no options, and would start when it is asked for help. */
  readonly hasNoHelp?: true;
}

const ENTRIES: Readonly<Record<string, Entry>> = {
  start: {
    path: 'cli/start',
    does: 'everything on this machine: livekit-server, models, worker, page',
    hasNoHelp: true,
  },
  worker: {
    path: 'agent/main',
    does: 'the LiveKit worker alone (default: earshot worker start)',
    usually: ['start'],
  },
  inference: { path: 'cli/inference', does: 'the speech endpoint alone' },
  playground: { path: 'cli/playground', does: 'the web page alone', hasNoHelp: true },
  call: { path: 'cli/call', does: 'speak WAV files or a script to the agent, and measure it' },
  doctor: { path: 'cli/doctor', does: 'look at everything a call needs, and say what is wrong' },
  models: { path: 'cli/models', does: 'list the local models, and fetch what is missing' },
  bench: { path: 'bench/main', does: 'measure speed and accuracy (in a checkout)' },
};

/** Exit code of a wrong command line. */
const USAGE = 2;

const program = new Command('earshot')
  .description('A LiveKit voice agent that runs on your own hardware.')
  .enablePositionalOptions()
  .addHelpText(
    'after',
    '\nSettings come from the environment and from .env in the working directory; .env.example lists them.',
  );
for (const [name, entry] of Object.entries(ENTRIES)) {
  const command = program
    .command(name)
    .description(entry.does)
    .argument('[args...]', 'as the command says: earshot ' + name + ' --help')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
      const { file, args: all } = entryCommand(entry.path, args.length > 0 ? args : entry.usually);
      const isThere = all.some((arg) => /\.[jt]s$/.test(arg) && existsSync(arg));
      if (!isThere) {
        console.error(`earshot ${name} works in a checkout of the repository only.`);
        process.exitCode = USAGE;
        return;
      }
      process.exitCode = await runEntry(file, all);
    });
  // Everything else describes its own options.
  if (!entry.hasNoHelp) command.helpOption(false);
}
await program.parseAsync();
