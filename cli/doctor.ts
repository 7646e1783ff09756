import '../config/production-mode.js';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { Command } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { readVariables } from '../config/read-variables.js';
import { examine } from './doctor/examine.js';
import type { Finding } from './doctor/finding.js';
import { freeBytes } from './doctor/free-bytes.js';
import { renderFindings, renderVerdict } from './doctor/render.js';

/** What takes longer is itself what is wrong. */
const WHOLE_MS = 27_000;

/** `npm run doctor`: looks at everything a call needs and says what to do about what is wrong. */
const doctor = async ({ json }: { readonly json?: true }): Promise<void> => {
  // The adapters' own warnings would stand between the lines of the table.
  initializeLogger({ pretty: false, level: 'silent' });
  const startedAt = performance.now();
  const findings = await examine({
    variables: readOrExplain(),
    now: Date.now,
    freeBytes,
    signal: AbortSignal.timeout(WHOLE_MS),
  });
  const tookMs = Math.round(performance.now() - startedAt);
  const isWell = findings.every(({ status }) => status !== 'fail');
  if (json) console.log(JSON.stringify({ ok: isWell, tookMs, findings }, null, 2));
  else {
    console.log(renderFindings(findings, process.stdout.isTTY));
    console.log(renderVerdict(findings, tookMs));
  }
  if (!isWell) process.exitCode = 1;
};

const readOrExplain = (): ReturnType<typeof readVariables> => {
  try {
    return readVariables();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings: Finding[] = error.problems.map(({ where, problem }) => ({
      name: 'configuration',
      status: 'fail',
      detail: `${where} ${problem}`,
      remedy: 'Correct that line of .env.',
    }));
    console.error(renderFindings(findings, false));
    process.exit(1);
  }
};

await new Command('npm run doctor --')
  .description(
    'Looks at everything that a call needs: configuration, ports, models, servers, providers.',
  )
  .option('--json', 'print one JSON object instead of a table')
  .addHelpText('after', '\nExit code: 0 all well, 1 something is to be put right.')
  .action(doctor)
  .parseAsync();
await dispose();
