// @boundaries-ignore how tests run is no part of a room
import shared from '../../vitest.shared-process.ts'

/** Those that measure what their process holds, to which the other files would add. They run by vitest.alone.config.ts. */
export const ALONE = ['src/**/*hostile*.test.ts']

export default { ...shared, test: { ...shared.test, exclude: ALONE } }
