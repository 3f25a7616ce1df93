import { defineConfig } from 'vitest/config'

/** Whole people: built programs and real browsers, one scenario after the other. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // Generous, since machines are busy; finite, since a hang is a failure.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
