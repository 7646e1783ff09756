import { checkPort, type PortClaim } from './check-port.js';
import type { Part } from './part.js';
import { StartError } from './start-error.js';

interface NamedClaim extends PortClaim {
  readonly part: string;
}

/**
 * Looks at the ports of all parts before any of them is started.
 * @throws StartError that names every port in use and the variable that changes it.
 */
export async function checkPorts(parts: readonly Part[]): Promise<void> {
  const claims = parts.flatMap((part) =>
    part.kind === 'process' ? part.ports.map((claim) => ({ ...claim, part: part.name })) : [],
  );
  // First among themselves: two parts that were given the same port would each find it in use.
  const doubles = findDoubles(claims);
  const problems =
    doubles.length > 0
      ? doubles
      : await Promise.all(claims.map((claim) => checkPort(claim.part, claim)));
  const sentences = problems.filter((problem) => problem !== undefined);
  if (sentences.length > 0) throw new StartError(sentences.join('\n'));
}

function findDoubles(claims: readonly NamedClaim[]): readonly string[] {
  const seen = new Map<string, NamedClaim>();
  return claims.flatMap((claim) => {
    const key = `${claim.protocol} ${claim.port}`;
    const other = seen.get(key);
    seen.set(key, claim);
    if (!other) return [];
    return [
      `${other.part} and ${claim.part} would both use port ${claim.port}: ` +
        `${other.remedy}, or ${claim.remedy}.`,
    ];
  });
}
