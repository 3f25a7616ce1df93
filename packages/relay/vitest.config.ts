import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts'],
    // Real processes and real sockets, on machines that are busy with other tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
