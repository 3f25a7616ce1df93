import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Budget } from './budget.ts'

describe('a budget', () => {
  it('lets a burst pass, then asks to wait as long as the overdraft takes', () => {
    const budget = new Budget(100, 200, 0)
    expect(budget.spend(200, 0)).toBe(0)
    expect(budget.spend(50, 0)).toBe(500)
    expect(budget.spend(0, 500)).toBe(0)
  })

  it('never lets more pass than burst and rate allow, if the waits are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 900 }))), (steps) => {
        const budget = new Budget(100, 200, 0)
        let now = 0
        let spent = 0
        for (const [units, pause] of steps) {
          const wait = budget.spend(units, now)
          spent += units
          now += wait + pause
          expect(spent).toBeLessThanOrEqual(200 + (now / 1_000) * 100 + 1)
        }
      }),
    )
  })
})
