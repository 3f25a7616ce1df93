import type { MessageSnapshot, RowSnapshot } from '@sotto/client'
import type { AccountId, EventId, ThingId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { firstUnread, timeline } from './timeline.ts'

const ME = 'me' as AccountId
const ANA = 'ana' as AccountId
const NOON = new Date(2026, 5, 10, 12).getTime()
const MINUTE = 60_000
const DAY = 86_400_000
const WORDS = { now: NOON, nameOf: () => 'Ana', isSelf: (account: AccountId) => account === ME, isGroup: false }

function row(id: string, author: AccountId, sentAt: number): MessageSnapshot {
  return { id: id as EventId, author, own: author === ME, text: id, sentAt, state: author === ME ? 'sent' : 'received' }
}

function shape(rows: readonly RowSnapshot[], firstNew?: string): string[] {
  const items = timeline(rows, { ...WORDS, firstNew })
  return items.map((item) =>
    item.kind === 'bubble' ? `${item.bubble.continues ? '+' : ''}${item.bubble.id}` : item.kind,
  )
}

test('a line stands at each new day, and the first one is always named', () => {
  expect(shape([row('a', ANA, NOON - DAY), row('b', ANA, NOON - DAY + MINUTE), row('c', ME, NOON)])).toEqual([
    'day',
    'a',
    '+b',
    'day',
    'c',
  ])
})

test('a gap does not hide that a new day began after it', () => {
  const gap = { missing: 2, author: ANA }
  expect(shape([row('a', ANA, NOON - DAY), gap, row('b', ANA, NOON)])).toEqual(['day', 'a', 'gap', 'day', 'b'])
  expect(shape([row('a', ANA, NOON), gap, row('b', ANA, NOON)])).toEqual(['day', 'a', 'gap', 'b'])
})

test('bubbles join only for one author within five minutes, never over the line of the new ones', () => {
  const rows = [
    row('a', ANA, NOON),
    row('b', ANA, NOON + 4 * MINUTE),
    row('c', ANA, NOON + 10 * MINUTE),
    row('d', ME, NOON + 10 * MINUTE),
  ]
  expect(shape(rows)).toEqual(['day', 'a', '+b', 'c', 'd'])
  expect(shape(rows, 'b')).toEqual(['day', 'a', 'new', 'b', 'c', 'd'])
})

test('no line of the new ones stands where all are new', () => {
  expect(shape([row('a', ANA, NOON), row('b', ANA, NOON)], 'a')).toEqual(['day', 'a', '+b'])
})

test('what was done to a group stands between the messages, at its day, and bubbles do not join over it', () => {
  const line = { line: 'added', id: 'l' as ThingId, by: ANA, account: ME, at: NOON + DAY } as const
  expect(shape([row('a', ANA, NOON), line, row('b', ANA, NOON + DAY + 1)])).toEqual(['day', 'a', 'day', 'line', 'b'])
})

test('in a group others are named where they begin, and own messages say how many have them', () => {
  const own = { ...row('c', ME, NOON + 2), reached: { delivered: 2, read: 1, of: 3 } }
  const rows = [row('a', ANA, NOON), row('b', ANA, NOON + 1), own]
  const bubbles = timeline(rows, { ...WORDS, isGroup: true, firstNew: undefined }).flatMap((item) =>
    item.kind === 'bubble' ? [[item.bubble.isNamed, item.bubble.mark?.count]] : [],
  )
  expect(bubbles).toEqual([
    [true, undefined],
    [false, undefined],
    [false, '2 of 3'],
  ])
})

test('keys are unique, also with gaps of the same author', () => {
  const gap = { missing: 1, author: ANA }
  const items = timeline([gap, row('a', ANA, NOON), gap, row('b', ANA, NOON + DAY), gap], {
    ...WORDS,
    firstNew: 'b',
  })
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length)
})

test('only own messages carry a state', () => {
  const items = timeline([row('a', ANA, NOON), row('b', ME, NOON)], {
    ...WORDS,
    firstNew: undefined,
  })
  expect(items.flatMap((item) => (item.kind === 'bubble' ? [item.bubble.mark?.state] : []))).toEqual([
    undefined,
    'sent',
  ])
})

test('the unread ones begin at the n-th last message of others', () => {
  const rows = [row('a', ANA, 1), row('b', ANA, 2), row('c', ME, 3), row('d', ANA, 4)]
  expect(firstUnread(rows, 2)).toBe('b')
  expect(firstUnread(rows, 0)).toBeUndefined()
  expect(firstUnread(rows, 9)).toBeUndefined()
})
