import { expect, test } from 'vitest'
import { busyWorld } from '../../dev/fixture-data.ts'
import { statusLine } from './status-line.ts'

const [ana, ben, chinwe] = busyWorld(0).conversations
if (!ana || !ben || !chinwe) throw new Error('the busy world has three conversations')

test('direct is direct, whatever waits', () => expect(statusLine(ana)).toBe('Direct connection'))

test('over a relay it says whether the other device has what was written', () => {
  expect(statusLine(ben)).toBe('Via relay · Waiting for Ben Okafor’s device')
  expect(statusLine({ ...ben, rows: [] })).toBe('Via relay')
})

test('offline it says whether something waits here', () => {
  expect(statusLine(chinwe)).toBe('Offline · messages are kept here and go out later')
  expect(statusLine({ ...chinwe, rows: [] })).toBe('Offline')
})

test('before the other has accepted, that is what one waits for', () => {
  expect(statusLine({ ...ben, phase: 'requested' })).toBe('Waiting for Ben Okafor to accept')
})
