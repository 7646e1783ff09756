/**
 * Sends a signal to a child and everything it started. Each child leads a process group of its own
 * (`detached`), and what it forks stays in that group, so nothing of it can be missed.
 * @returns false when no process of the group is left.
 */
export function killProcessGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    // EPERM: macOS says so for a group of which only zombies are left.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return signal !== 0;
    return false;
  }
}
