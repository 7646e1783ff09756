import { defineConfig } from 'vitest/config';

/** Heavy projects run one file at a time: whisper and onnx threads spin, and two of them on two
 *  cores are slower than one after the other. */
const heavy = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 240_000 } as const;

export default defineConfig({
  test: {
    reporters: process.env.VITEST_REPORT ? ['default', 'json'] : ['default'],
    ...(process.env.VITEST_REPORT ? { outputFile: { json: process.env.VITEST_REPORT } } : {}),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/architecture.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'types',
          include: ['tests/types/**/*.test-d.ts'],
          typecheck: { enabled: true, only: true, include: ['tests/types/**/*.test-d.ts'] },
        },
      },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...heavy } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...heavy } },
      { test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...heavy } },
    ],
  },
});
