// @boundaries-ignore how tests run is no part of a room
export { together as default } from '../../vitest.measuring.ts'
