import { defineConfig } from 'vitest/config'

/** They run by vitest.long.config.ts. */
export const LONG = ['test/**/*.long.test.ts']

/** Whole people: built programs and real browsers. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: LONG,
    setupFiles: ['support/diagnostics.ts'],
    pool: 'forks',
    // Much of the time is spent waiting: two scenarios at once are no burden on two cores.
    maxWorkers: 2,
    // Generous, since machines are busy; finite, since a hang is a failure.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
