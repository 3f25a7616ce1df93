import type { GenerationId, InnerId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { Sent } from './sent.ts'

const [KEYS, OTHERS] = ['keys' as GenerationId, 'others' as GenerationId]

test('what was refused goes last, and under other keys it is something else', () => {
  const sent = new Sent()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ innerId: name as InnerId, generation: KEYS }))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  for (const row of [a, b]) sent.add(row)
  sent.refuse(a)
  expect([a, b, c].map((row) => sent.has(row))).toEqual([false, true, false])
  expect(sent.has({ ...b, generation: OTHERS })).toBe(false)
  expect(sent.inTurn([a, b, c])).toEqual([b, c, a])
  sent.keep([a, c])
  expect([sent.has(b), sent.inTurn([a, c])]).toEqual([false, [c, a]])
  sent.keep([])
  expect(sent.inTurn([a, c])).toEqual([a, c])
})
