import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** Carries out the Dockerfile: it installs and builds, and asks the package registry. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 600_000 },
})
