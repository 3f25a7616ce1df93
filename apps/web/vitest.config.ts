import { defineConfig } from 'vitest/config'

/** Unit tests stand beside the source; those in `test/` drive the built page in Chromium. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/build-fixture.ts'],
    // One browser is enough for two cores, and for all files: see test/browser.ts.
    fileParallelism: false,
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
