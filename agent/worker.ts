import { defineAgent, inference, log, ServerOptions } from '@livekit/agents';
import { loadConfig, type AppConfig } from '../config/load-config.js';
import { runJob } from './job.js';
import { agentAttributes } from './sole-agent.js';

/** Calls that one worker takes at a time. More would share two cores' worth of speech engines. */
const MAX_CALLS = 8;

/** Processes kept ready for the next call: each holds about 100 MB, and starting one takes 2 s. */
const IDLE_PROCESSES = 1;

/** A busy machine takes long to import the framework; the default of 10 s kills and retries for ever. */
const INITIALIZE_TIMEOUT_MS = 60_000;

/** About 20 minutes of a server that is away, then the process ends and its supervisor decides. */
const MAX_CONNECT_RETRIES = 120;

/** What runs in the process of each call. */
export const agent = defineAgent({
  prewarm: () => {
    process.on('unhandledRejection', (error) => {
      // The framework logs these at debug only.
      log().error({ error }, 'unhandled rejection');
    });
    // The first stream loads the detector's model, which would block the start of the first call.
    new inference.VAD().stream().close();
  },
  entry: (ctx) => runJob(ctx, loadConfig()),
});

/**
 * Options of the worker.
 * @param agentFile Absolute path of the module whose default export is `agent`.
 */
export const workerOptions = (config: AppConfig, agentFile: string): ServerOptions =>
  new ServerOptions({
    agent: agentFile,
    wsURL: config.livekit.url,
    apiKey: config.livekit.apiKey,
    apiSecret: config.livekit.apiSecret,
    port: config.worker.port,
    ...(config.agent.name === undefined ? {} : { agentName: config.agent.name }),
    numIdleProcesses: IDLE_PROCESSES,
    initializeProcessTimeout: INITIALIZE_TIMEOUT_MS,
    maxRetry: MAX_CONNECT_RETRIES,
    // By calls, not by CPU: recognition on the same machine peaks at 100 % for moments, and a worker
    // that calls itself full leaves the caller alone in the room.
    loadFunc: (worker) => Promise.resolve(worker.activeJobs.length / MAX_CALLS),
    loadThreshold: 0.99,
    requestFunc: (request) => request.accept('Earshot', '', '', agentAttributes(config.agent.name)),
  });
