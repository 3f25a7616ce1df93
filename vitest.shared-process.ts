import { mergeConfig } from 'vitest/config'
import room from './vitest.room.ts'

/** For rooms whose tests leave nothing behind in their process: many files in one, so that what they all stand on is loaded once. */
export default mergeConfig(room, { test: { isolate: false } })
