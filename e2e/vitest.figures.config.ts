import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** Measures instead of testing: one file at a time, on a machine that does nothing else. */
export default defineConfig({ ...base, test: { ...base.test, include: ['figures/**/*.test.ts'], maxWorkers: 1 } })
