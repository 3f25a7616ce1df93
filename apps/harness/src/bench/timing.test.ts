import { expect, test } from 'vitest'
import { measure } from './timing.ts'

test('the median and the slowest hundredth of what was measured, without the warm-up', async () => {
  const seen: number[] = []
  const { p50, p99 } = await measure(100, async (at) => {
    seen.push(at)
    const end = performance.now() + (at < 10 ? 20 : at === 50 || at === 60 ? 10 : 0)
    while (performance.now() < end);
  })
  expect(seen).toEqual(Array.from({ length: 110 }, (_, at) => at))
  expect(p50).toBeLessThan(5)
  expect(p99).toBeGreaterThanOrEqual(10)
  expect(p99).toBeLessThan(20)
})
