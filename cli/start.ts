import closeWithGrace from 'close-with-grace';
import { ConfigError } from '../config/config-error.js';
import { loadConfig, type AppConfig } from '../config/load-config.js';
import { ensureLivekitServer } from '../livekit/ensure-livekit-server.js';
import { buildParts } from './supervisor/build-parts.js';
import { killAllGroups } from './supervisor/child-process.js';
import { fetchModels } from './supervisor/fetch-models.js';
import { fetchReport } from './supervisor/fetch-report.js';
import { defaultLimits } from './supervisor/limits.js';
import { playgroundUrl } from './supervisor/parts/playground-part.js';
import { createPlainDisplay } from './supervisor/plain-display.js';
import { settlePorts } from './supervisor/settle-ports.js';
import { StartError } from './supervisor/start-error.js';
import { startGuardian } from './supervisor/start-guardian.js';
import { Supervisor } from './supervisor/supervisor.js';
import { createTerminalDisplay } from './supervisor/terminal-display.js';

/** Finds where the speaker paused; loaded by the endpoint beside the models that can be chosen. */
const VOICE_DETECTOR = 'silero-vad';
/** Stopping takes `killAfterMs` and a little; if even that hangs, this process ends and takes all with it. */
const STOP_WITHIN_MS = defaultLimits.killAfterMs + 900;

/** `npm start`: brings up everything a call needs, keeps it running, and takes it down again. */
const main = async (): Promise<void> => {
  const config = await settlePorts(loadOrExit());
  const { models } = config.inference;
  const parts = buildParts(config, {
    models: fetchModels([models.stt, models.tts, models.llm, VOICE_DETECTOR], config.cacheDir),
    livekitServer: async ({ report, signal }) => {
      const onProgress = fetchReport(report);
      return (await ensureLivekitServer({ cacheDir: config.cacheDir, onProgress, signal })).path;
    },
  });
  const names = parts.map((part) => part.name);
  const display = process.stdout.isTTY
    ? createTerminalDisplay(names, process.stdout)
    : createPlainDisplay(names, (text) => process.stdout.write(text));
  const supervisor = new Supervisor(parts, display, startGuardian(), defaultLimits);

  // Whatever ends this process, a second Ctrl-C or a bug, ends the parts with it.
  process.on('exit', killAllGroups);
  const graceful = closeWithGrace(
    { delay: STOP_WITHIN_MS, logger: false },
    async ({ err, signal }) => {
      display.settle();
      if (err) display.say(`The supervisor failed: ${err.stack ?? err.message}`);
      if (signal) display.say(`Stopping (${signal}); once more kills at once.`);
      await supervisor.stop();
    },
  );
  // The reader of our output is gone (npm start | head): nobody would see anything any more.
  process.stdout.on('error', () => {
    graceful.close();
  });

  try {
    await supervisor.start();
    display.settle();
    display.say(`Ready: open ${playgroundUrl(config)}`);
  } catch (error) {
    if (supervisor.isStopping) return;
    graceful.uninstall();
    display.settle();
    await supervisor.stop();
    console.error(sentenceOf(error));
    process.exit(1);
  }
};

const loadOrExit = (): AppConfig => {
  try {
    return loadConfig();
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : sentenceOf(error));
    process.exit(1);
  }
};

/** A bug needs its stack trace; everything that was foreseen is a sentence already. */
const sentenceOf = (error: unknown): string => {
  if (error instanceof StartError) return `Cannot start: ${error.message}`;
  return error instanceof Error ? `Cannot start: ${error.message}` : String(error);
};

await main();
