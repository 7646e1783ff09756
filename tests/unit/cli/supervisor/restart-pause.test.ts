import { expect, it } from 'vitest';
import { defaultLimits } from '../../../../cli/supervisor/limits.js';
import { RestartPause } from '../../../../cli/supervisor/restart-pause.js';

it('doubles from half a second to ten, and begins anew after a minute of health', () => {
  const pause = new RestartPause(defaultLimits);
  const pauses = [0, 0, 0, 0, 0, 59_999, 60_000, 0].map((healthyMs) => pause.next(healthyMs));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 500, 1_000]);
});
