import { defineConfig } from 'vitest/config'

/** They run by vitest.long.config.ts. */
export const LONG = ['src/**/*.long.test.ts']

/** Scenarios of real processes that wait for facts, some of them for minutes: one file at a time is enough for two cores. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    exclude: LONG,
    globalSetup: ['../../scripts/vitest/wire-types.ts', '../../scripts/vitest/programs.ts'],
    fileParallelism: false,
    // None of them leaves anything behind in its process: what they all stand on is loaded once.
    isolate: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
