import { expect, it } from 'vitest'
import { accountOf, deviceOf } from '../test/ids.ts'
import { beginAt, newDevice } from './devices.ts'

/** What is known of Alice's log here once five of hers have come, of which so many are read. */
function fiveOfWhich(read: number): ReturnType<typeof newDevice> {
  const record = newDevice(deviceOf('alice'), accountOf('alice'))
  return { ...record, head: { seq: 5, eventId: 'ab'.repeat(32), lamport: 5 }, read } as typeof record
}

it.each([0, 3, 5])('what was read of somebody, %i of 5, stays so, however often one is out and in again', (read) => {
  const again = beginAt(fiveOfWhich(read), 9)
  expect(again.read).toBe(read)
  // She has said nothing meanwhile.
  expect(beginAt(again, 14).read).toBe(read)
})

it('of what was said before one came in for the first time nothing is there to be read', () => {
  const first = beginAt(newDevice(deviceOf('alice'), accountOf('alice')), 7)
  expect([first.read, beginAt(first, 9).read]).toEqual([7, 9])
})
