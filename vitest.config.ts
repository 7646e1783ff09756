import { defineConfig } from 'vitest/config';

/** Heavy projects run one file at a time and one after the other: whisper and onnx threads spin, and
 *  two of them on two cores are slower than one after the other. */
const heavy = (groupOrder: number) => ({
  fileParallelism: false,
  sequence: { groupOrder },
  // The media library logs every stream that it ignores unless this is set.
  env: { NODE_ENV: 'production' },
  testTimeout: 120_000,
  hookTimeout: 240_000,
  // The voice says a sentence differently each time, and recognition mishears one now and then; the report tells of a retry.
  retry: 1,
});
const light = { sequence: { groupOrder: 0 }, testTimeout: 20_000, hookTimeout: 20_000 };

export default defineConfig({
  test: {
    // Two cores: more workers than that only wait for each other.
    maxWorkers: 2,
    reporters: process.env.VITEST_REPORT ? ['default', 'json'] : ['default'],
    ...(process.env.VITEST_REPORT ? { outputFile: { json: process.env.VITEST_REPORT } } : {}),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/architecture.test.ts'],
          ...light,
        },
      },
      {
        test: {
          name: 'types',
          include: ['tests/types/**/*.test-d.ts'],
          typecheck: { enabled: true, only: true, include: ['tests/types/**/*.test-d.ts'] },
          ...light,
        },
      },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...heavy(1) } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...heavy(2) } },
      { test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...heavy(3) } },
    ],
  },
});
