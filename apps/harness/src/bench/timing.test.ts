import { expect, test } from 'vitest'
import { measure } from './timing.ts'

test('the median and the slowest hundredth of what was measured, without the warm-up', async () => {
  let now = 0
  const seen: number[] = []
  const once = async (at: number): Promise<void> => {
    seen.push(at)
    // 20 to warm up, then 1, 2, … 200 ms in an order of its own.
    now += at < 20 ? 10_000 : (((at - 20) * 77) % 200) + 1
  }
  expect(await measure(200, once, () => now)).toEqual({ p50: 100, p99: 198 })
  expect(seen).toEqual(Array.from({ length: 220 }, (_, at) => at))
})
