import { join } from 'node:path'
import { mergeConfig } from 'vitest/config'
// @boundaries-ignore how tests run is no part of a room
import room from '../../vitest.room.ts'

/** The tests start the program as people do, put together. */
export default mergeConfig(room, {
  test: { globalSetup: [join(import.meta.dirname, '../../scripts/vitest/programs.ts')] },
})
