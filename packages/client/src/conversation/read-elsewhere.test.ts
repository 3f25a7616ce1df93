import { seededRandom } from '@sotto/testkit'
import { expect, test } from 'vitest'
import { joined, readWith, type ReadSpan } from './read-elsewhere.ts'

test.each<[string, number, ReadSpan[], number]>([
  ['nothing elsewhere', 3, [], 3],
  ['further there', 3, [{ from: 1, to: 7 }], 7],
  ['less far there', 3, [{ from: 1, to: 2 }], 3],
  ['by one that came in later, with something unread before it', 3, [{ from: 5, to: 9 }], 3],
  ['by one that came in right after what was read here', 4, [{ from: 5, to: 9 }], 9],
  [
    'by one that came in later, once another has read what was before',
    0,
    [
      { from: 5, to: 9 },
      { from: 1, to: 4 },
    ],
    9,
  ],
])('%s', (_, read, spans, upTo) => {
  expect(readWith(read, spans)).toBe(upTo)
})

test('spans say the same events joined, in whatever order they come, and nothing between them is read (seed 20261129)', () => {
  const random = seededRandom('spans 20261129')
  const at = (below: number): number => random.integer(below)
  for (let turn = 0; turn < 500; turn += 1) {
    const spans = Array.from({ length: at(6) }, () => {
      const from = 1 + at(20)
      return { from, to: from + at(6) }
    })
    const has = (all: readonly ReadSpan[], seq: number): boolean => all.some(({ from, to }) => from <= seq && seq <= to)
    const [once, read] = [joined(spans), at(10)]
    for (let seq = 1; seq < 30; seq += 1) expect(has(once, seq)).toBe(has(spans, seq))
    expect(joined([...once].toReversed())).toEqual(once)
    let upTo = read
    while (has(spans, upTo + 1)) upTo += 1
    expect(readWith(read, spans)).toBe(upTo)
  }
})
