import { readFile } from 'node:fs/promises';
import { buildParts } from '../../supervisor/build-parts.js';
import { checkPort } from '../../supervisor/check-port.js';
import { findPortHolder } from '../../supervisor/find-port-holder.js';
import type { Check, Finding } from '../finding.js';

/** Our own processes: ports that they hold are no problem, Earshot is running. */
const OURS = /livekit-server|agent\/main\.|cli\/(inference|playground|supervisor\/)/;

/** Whether the ports that `npm start` listens on are free, or held by Earshot itself. */
export const checkPorts: Check = async ({ config }) => {
  const parts = buildParts(config, {
    models: () => Promise.resolve(undefined),
    livekitServer: () => Promise.resolve(''),
  });
  const findings: Finding[] = [];
  for (const part of parts) {
    if (part.kind !== 'process') continue;
    for (const claim of part.ports) {
      const name = `port ${claim.port}`;
      const problem = claim.port === 0 ? undefined : await checkPort(part.name, claim);
      const holder = problem && (await findPortHolder(claim.port, claim.protocol));
      if (problem === undefined)
        findings.push({ name, status: 'ok', detail: `Free for the ${part.name}.` });
      else if (holder !== undefined && (await isOurs(holder))) {
        findings.push({ name, status: 'ok', detail: `Earshot's ${part.name} runs on it.` });
      } else {
        const remedy = `Stop that program, or ${claim.remedy}.`;
        findings.push({
          name,
          status: 'fail',
          detail: problem.replace(/\. Stop that program.*$/, '.'),
          remedy,
        });
      }
    }
  }
  return findings;
};

/** What is shown of a holder is shortened; the whole command line says whose it is. */
const isOurs = async (holder: string): Promise<boolean> => {
  const pid = /\(process (\d+)\)$/.exec(holder)?.[1];
  const whole = pid && (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined));
  return OURS.test(whole ?? holder);
};
