import { expect, test } from 'vitest'
import { Risk } from './risk.ts'

test('what is on its way and what was refused within a minute count together, until something is taken', () => {
  const risk = new Risk()
  for (let count = 0; count < 48; count += 1) {
    expect(risk.isTooHigh(0)).toBe(false)
    risk.began()
  }
  expect(risk.isTooHigh(0)).toBe(true)
  for (let count = 0; count < 47; count += 1) risk.refused(count)
  expect(risk.isTooHigh(60_000)).toBe(true)
  expect(risk.isTooHigh(60_001)).toBe(false)
  risk.held()
  for (let count = 0; count < 48; count += 1) {
    expect(risk.isTooHigh(60_001)).toBe(false)
    risk.began()
  }
  expect(risk.isTooHigh(60_001)).toBe(true)
})
