import closeWithGrace from 'close-with-grace';
import type { PlaygroundOptions } from './playground-options.js';
import { buildPlayground } from './server.js';

/** Requests under way get this long when the page's server is asked to end. */
const CLOSE_WITHIN_MS = 2_000;

/** Where the page is served, and what it needs to know. */
export interface PlaygroundSettings extends PlaygroundOptions {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/** Serves the page until the process is asked to end. Ends the process with a sentence when it cannot listen. */
export async function listenPlayground(settings: PlaygroundSettings): Promise<void> {
  const { host, port, logLevel } = settings;
  const app = await buildPlayground(settings, { level: logLevel });
  closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: false }, async ({ err }) => {
    if (err) app.log.fatal(err, 'the playground failed');
    await app.close();
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `The playground cannot listen: ${reason}. PLAYGROUND_HOST and PLAYGROUND_PORT say where.`,
    );
    process.exit(1);
  }
}
