import room, { LONG } from './vitest.room.ts'
import shared from './vitest.shared-process.ts'

/** Files that measure what their process holds, to which others would add: each has a process of its own. */
const ALONE = ['src/**/*hostile*.test.ts']

/** For rooms some of whose tests measure their process: all the others. */
export const together: typeof shared = { ...shared, test: { ...shared.test, exclude: [...ALONE, ...LONG] } }

/** And those. */
export const alone: typeof room = { ...room, test: { ...room.test, include: ALONE } }
