import { expect, test } from 'vitest'
import { check } from './check.ts'
import type { Entry } from './entry.ts'
import { goodHistory } from './good-history.ts'
import { named } from './named.ts'
import { drop, edit, isTold, without } from './plants.ts'

test('what a page told and listed without ids is known by what the others told', () => {
  const [told, listed] = [goodHistory(), atPage(goodHistory())]
  expect(named(told)).toEqual(told)
  expect(listed).not.toEqual(told)
  expect(named(listed)).toMatchObject(told)
  expect(check(listed).violations).toEqual([])
})

test('what nobody else has ever told of is one more message', () => {
  const only = drop(isTold('Alice', 'b1'))(edit('Alice', -1, without('b1'))(atPage(goodHistory())))
  expect(check(only).violations.map(({ sentence }) => sentence)).toEqual([
    'Alice has not got "text b1" of Bob, which Bob has',
    '"text b1" of Bob was told to be delivered, and Alice had not got it',
  ])
})

/** The same with Bob at a page. */
function atPage(entries: readonly Entry[]): readonly Entry[] {
  const texts = new Map(
    entries.flatMap((entry) => (entry.type === 'told' ? [[entry.line['id'], entry.line['text']]] : [])),
  )
  return entries.map((entry): Entry => {
    if (entry.who !== 'Bob' || entry.type === 'ask') return entry
    if (entry.type === 'told') {
      const { id: _id, message, ...line } = entry.line
      return { ...entry, line: message === undefined ? line : { ...line, text: texts.get(message) } }
    }
    if (entry.type !== 'answer') return entry
    const { rows, message: _message, ...line } = entry.line
    if (!Array.isArray(rows)) return { ...entry, line }
    return { ...entry, line: { ...line, rows: rows.map(({ id: _row, ...row }) => row as object) } }
  })
}
