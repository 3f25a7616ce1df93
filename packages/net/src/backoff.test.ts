import type { Clock } from '@sotto/interface'
import { expect, test } from 'vitest'

import { Backoff } from './backoff.ts'

test('what waits for half a minute is tried at once when somebody asks, and the next pause is a short one', () => {
  const pauses: number[] = []
  let due = (): void => {}
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after(ms, run) {
      pauses.push(ms)
      due = run
      return () => void (due = () => {})
    },
  }
  const backoff = new Backoff(clock)
  let tried = 0
  const fail = (): void => {
    tried += 1
    backoff.later(fail)
  }
  backoff.later(fail)
  for (let failures = 0; failures < 8; failures += 1) due()
  expect(tried).toBe(8)
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(15_000)
  backoff.hurry()
  expect(tried).toBe(9)
  expect(pauses.at(-1)).toBeLessThanOrEqual(500)
})
