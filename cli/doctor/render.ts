import type { Finding } from './finding.js';

const SIGNS = { ok: '✓', warn: '!', fail: '✗', skip: '–' } as const;
const COLOURS = { ok: 32, warn: 33, fail: 31, skip: 90 } as const;

/** The findings as a table, each failure with its remedy below it. */
export const renderFindings = (findings: readonly Finding[], inColour: boolean): string => {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, status, detail, remedy, latencyMs }) => {
      const sign = inColour ? `\u001b[${COLOURS[status]}m${SIGNS[status]}\u001b[0m` : SIGNS[status];
      const took = latencyMs === undefined ? '' : ` (${latencyMs} ms)`;
      const line = `${sign} ${name.padEnd(width)}  ${detail}${took}`;
      return remedy === undefined ? line : `${line}\n${' '.repeat(width + 4)}→ ${remedy}`;
    })
    .join('\n');
};

/** The last line of the table. */
export const renderVerdict = (findings: readonly Finding[], tookMs: number): string => {
  const count = (status: Finding['status']): number =>
    findings.filter((f) => f.status === status).length;
  const seconds = (tookMs / 1000).toFixed(1);
  if (count('fail') === 0)
    return `All well${count('warn') > 0 ? `, with ${count('warn')} to look at` : ''} (${seconds} s).`;
  return `${count('fail')} to put right (${seconds} s).`;
};
