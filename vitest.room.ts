import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** They run by vitest.long.config.ts. */
export const LONG = ['src/**/*.long.test.ts']

/** How the tests of a room run, from the root and in the room alike: the room's vitest.config.ts is this, unless it has needs of its own. */
export default defineConfig({
  // Rooms are tested as they are written: `source` leads to src, so nothing has to be built first.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    exclude: LONG,
    globalSetup: [join(root, 'scripts/vitest/wire-types.ts')],
    pool: 'forks',
    // Half of the time is spent waiting: three at once are no burden on two cores.
    maxWorkers: 3,
    // Generous, since machines are busy; finite, since a hang is a failure.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
})
