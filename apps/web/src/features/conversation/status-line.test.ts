import type { AccountId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { busyWorld } from '../../dev/fixture-data.ts'
import { statusLine } from './status-line.ts'

const FAY = 'f5'.repeat(32) as AccountId
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

test('what has ended has no connection', () => {
  expect(statusLine({ ...ana, phase: 'ended' })).toBe('Ended')
  expect(statusLine({ ...ana, kind: 'group', phase: 'ended' })).toBe('You are not in it any more')
})

test('a group counts those who are in, and says when it is reached through some of them', () => {
  const members = [...ana.members, { account: FAY, name: 'Fay', role: 'member', state: 'joining' }] as const
  const group = { ...ana, kind: 'group', members, rows: [] } as const
  expect(statusLine(group)).toBe('2 people · Direct connection')
  expect(statusLine({ ...group, members: members.slice(0, 1) })).toBe('1 person')
  expect(statusLine({ ...group, connection: 'none' })).toBe('2 people · Offline')
  expect(statusLine({ ...group, connection: 'partly' })).toBe('2 people · Directly to some, who pass it on')
})
