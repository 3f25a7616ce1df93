import room from './vitest.room.ts'

/** What `npm test` leaves out of the rooms for its length: a part of `npm run test:long`. The harness has a configuration of its own. */
export default {
  ...room,
  root: import.meta.dirname,
  test: { ...room.test, include: ['{packages,apps}/*/src/**/*.long.test.ts'], exclude: ['apps/harness/**'] },
}
