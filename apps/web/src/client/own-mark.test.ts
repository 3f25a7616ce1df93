import type { MessageSnapshot, OwnState } from '@sotto/client'
import { expect, test } from 'vitest'
import { ANA, ME, message } from '../dev/fixture-data.ts'
import { ownMark } from './own-mark.ts'

const own = (state: OwnState, delivered: number, read: number, of: number): MessageSnapshot => ({
  ...message(ME, 'x', 0, state),
  reached: { delivered, read, of },
})

test('in a pair a mark is its state, and others’ messages have none', () => {
  expect(ownMark(message(ME, 'x', 0, 'sent'))).toEqual({
    state: 'sent',
    words: 'Sent: stored at a relay',
    count: undefined,
  })
  expect(ownMark({ ...message(ME, 'x', 0, 'sent'), elsewhere: true })).toEqual({
    state: 'sent',
    words: 'Sent from another device of yours, which shows how far it has come',
    count: undefined,
  })
  expect(ownMark(message(ANA, 'x', 0, 'read'))).toBeUndefined()
  expect(ownMark(undefined)).toBeUndefined()
})

test('what will not leave any more is said to be not sent, wherever it was written', () => {
  const mark = { state: 'unsent', words: 'Not sent, and nothing will be sent from here any more', count: 'not sent' }
  expect(ownMark({ ...message(ME, 'x', 0, 'queued'), unsent: true })).toEqual(mark)
  expect(ownMark({ ...own('queued', 0, 0, 2), unsent: true })).toEqual(mark)
})

test.each([
  ['queued', 0, 0, 3, undefined, 'Queued on this device · delivered to 0 of 3, read by 0'],
  ['queued', 1, 0, 3, '1 of 3', 'On its way · delivered to 1 of 3, read by 0'],
  ['sent', 0, 0, 3, undefined, 'Sent: stored at a relay · delivered to 0 of 3, read by 0'],
  ['sent', 2, 1, 3, '2 of 3', 'Sent: stored at a relay · delivered to 2 of 3, read by 1'],
  ['delivered', 3, 0, 3, undefined, 'Delivered · delivered to 3 of 3, read by 0'],
  ['delivered', 3, 1, 3, 'read 1 of 3', 'Delivered · delivered to 3 of 3, read by 1'],
  ['read', 3, 3, 3, undefined, 'Read · delivered to 3 of 3, read by 3'],
] as const)('in a group, %s with %i delivered and %i read of %i shows %s', (state, delivered, read, of, count, words) =>
  expect(ownMark(own(state, delivered, read, of))).toEqual({ state, count, words }),
)

test.each(['sent', 'delivered', 'read'] as const)('what was written to nobody is not %s by anybody', (state) => {
  const words = 'Sent: nobody else was in the group then'
  expect(ownMark(own(state, 0, 0, 0))).toEqual({ state: 'sent', count: undefined, words })
})
