// @boundaries-ignore how tests run is no part of a room
export { default } from '../../vitest.shared-process.ts'
