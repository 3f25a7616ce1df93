// @boundaries-ignore how tests run is no part of a room
import { mergeConfig } from 'vitest/config'
import room from '../../vitest.room.ts'

/** One process for many files: loading what the client is made of anew for each costs a third of their time. None of them leaves anything behind. */
export default mergeConfig(room, { test: { isolate: false } })
