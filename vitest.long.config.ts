import room from './vitest.room.ts'

/** What `npm test` leaves out of the rooms for its length: a part of `npm run test:long`. */
export default {
  ...room,
  root: import.meta.dirname,
  test: { ...room.test, include: ['packages/*/src/**/*.long.test.ts'], exclude: [] },
}
