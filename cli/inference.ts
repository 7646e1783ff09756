import closeWithGrace from 'close-with-grace';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { loadInferenceConfig } from '../config/load-inference-config.js';
import { createProgressRenderer } from '../downloads/progress-renderer.js';
import { StartRefusedError, startInference } from '../inference/start-inference.js';

/** Time for answers in progress and for engines to free their memory on a signal, in ms. */
const CLOSE_MS = 4500;

interface Flags {
  readonly host?: string;
  readonly port?: number;
}

const program = new Command('npm run inference --')
  .description('Serves speech-to-text, text-to-speech and a small language model on this machine.')
  .option('--host <address>', 'address to listen on (INFERENCE_HOST)')
  .option('--port <port>', 'port to listen on, 0 for any free one (INFERENCE_PORT)', toPort)
  .action(run);

async function run(flags: Flags): Promise<void> {
  const config = loadInferenceConfig();
  const progress = createProgressRenderer(process.stderr);
  const endpoint = await startInference({
    ...config,
    ...flags,
    logger: { level: config.logLevel },
    onProgress: progress.onProgress,
  });
  closeWithGrace({ delay: CLOSE_MS, logger: endpoint.app.log }, async () => {
    await endpoint.close();
  });
  try {
    await endpoint.ready;
    endpoint.app.log.info(`The inference endpoint is ready at ${endpoint.url}`);
  } catch (error) {
    await endpoint.close();
    throw error;
  } finally {
    progress.stop();
  }
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  }
  return port;
}

try {
  await program.parseAsync();
} catch (error) {
  // What a person can put right is said in a sentence; anything else keeps its stack.
  const known = error instanceof ConfigError || error instanceof StartRefusedError;
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
