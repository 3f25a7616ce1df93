import { defineConfig } from 'vitest/config'
import base, { LONG } from './vitest.config.ts'

/** What `npm test` leaves out for its length: a part of `npm run test:long`. */
export default defineConfig({ ...base, test: { ...base.test, include: LONG, exclude: [] } })
