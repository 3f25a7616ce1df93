export { default } from '../../vitest.room.ts'
