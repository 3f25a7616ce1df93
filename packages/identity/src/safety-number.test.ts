import type { AccountId } from '@sotto/interface'
import { expect, it } from 'vitest'

import { vectors } from '../test/vectors.ts'
import { formatSafetyNumber, safetyNumber } from './index.ts'

interface Case {
  a: AccountId
  b: AccountId
  digits: string
}

const { valid, invalid } = vectors<Case, Case>('safety-number')

it.each(valid)('is $digits', ({ a, b, digits }) => {
  expect(digits).toMatch(/^\d{60}$/)
  expect(safetyNumber(a, b)).toBe(digits)
  expect(safetyNumber(b, a)).toBe(digits)
})

it.each(invalid)('is not $digits', ({ a, b, digits }) => {
  expect(safetyNumber(a, b)).not.toBe(digits)
})

it('is shown as twelve groups of five', () => {
  const shown = formatSafetyNumber(valid[0]?.digits ?? '')
  expect(shown.split(' ').map(({ length }) => length)).toEqual(Array.from({ length: 12 }, () => 5))
  expect(shown.replaceAll(' ', '')).toBe(valid[0]?.digits)
})
