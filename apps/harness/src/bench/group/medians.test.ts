import { expect, test } from 'vitest'
import { leadersOf } from './contender.ts'
import { medianOf, ratioOf } from './medians.ts'

test('the median is the middle one, in thousandths, and of nothing there is none', () => {
  expect(medianOf([3, 1, 2.00049])).toBe(2)
  expect(medianOf([10, 9, 1, 2])).toBe(9)
  expect(medianOf([])).toBeNaN()
})

test('a ratio says how many times as much the first is', () => {
  expect(ratioOf(10, 4)).toBe(2.5)
  expect(ratioOf(1, 3)).toBe(0.33)
})

test('sixteen leaders are spread over the tree, and everybody leads in a small group', () => {
  expect(leadersOf(2)).toEqual([0, 1])
  expect(leadersOf(250)).toHaveLength(16)
  expect(leadersOf(250).slice(0, 3)).toEqual([0, 15, 31])
  expect(new Set(leadersOf(17)).size).toBe(16)
})
