import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareCells, compareKeys } from './compare.ts'

test('text compares as the bytes of its UTF-8 do', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\0', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
  })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCells(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
    }),
    { seed: 61, numRuns: 2_000 },
  )
})

test('keys compare by their first difference, over what both have', () => {
  expect(compareKeys(['a', 2], ['a', 10])).toBeLessThan(0)
  expect(compareKeys(['a', 2], ['a'])).toBe(0)
  expect(compareKeys([], ['a'])).toBe(0)
})
