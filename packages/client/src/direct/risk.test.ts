import { expect, test } from 'vitest'
import { Risk } from './risk.ts'

/** How many more items begin now. */
function begin(risk: Risk, now: number, isFlowing: boolean): number {
  let count = 0
  for (; count < 100 && !risk.isTooHigh(now, isFlowing); count += 1) risk.began()
  return count
}

test('what is on its way and what was refused within a minute count together, until something is taken', () => {
  const risk = new Risk()
  expect(begin(risk, 0, false)).toBe(28)
  for (let count = 0; count < 28; count += 1) risk.refused(count)
  expect(begin(risk, 60_000, false)).toBe(0)
  expect(begin(risk, 60_001, false)).toBe(1)
  risk.held()
  expect(begin(risk, 60_001, false)).toBe(28)
})

test('what the other end takes does not wait for what has to be found out', () => {
  const risk = new Risk()
  begin(risk, 0, false)
  expect(begin(risk, 0, true)).toBe(16)
  risk.held()
  expect(begin(risk, 0, false)).toBe(0)
})
