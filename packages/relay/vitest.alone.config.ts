// @boundaries-ignore how tests run is no part of a room
export { alone as default } from '../../vitest.measuring.ts'
