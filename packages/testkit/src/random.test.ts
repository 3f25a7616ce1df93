import { expect, test } from 'vitest'
import { seededRandom } from './random.ts'

test('the same seed gives the same values however they are asked for, another seed others', () => {
  const [a, b] = [seededRandom('x'), seededRandom('x')]
  const whole = a.bytes(3_000)
  const parts = [1, 999, 1_024, 976].flatMap((length) => [...b.bytes(length)])
  expect([...whole]).toEqual(parts)
  expect(seededRandom('y').bytes(16)).not.toEqual(whole.slice(0, 16))
  expect(seededRandom('x').fork('a').bytes(16)).not.toEqual(seededRandom('x').fork('b').bytes(16))
})

test('integers fill their range evenly, and chances keep their share', () => {
  const random = seededRandom(7)
  const counts = Array.from({ length: 6 }, () => 0)
  for (let at = 0; at < 6_000; at += 1) {
    const value = random.integer(6)
    counts[value] = (counts[value] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  const hits = Array.from({ length: 5_000 }, () => random.chance(0.2)).filter(Boolean).length
  expect(Math.abs(hits - 1_000)).toBeLessThan(150)
  expect(['p', 'q']).toContain(random.pick(['p', 'q']))
  expect(() => random.pick([])).toThrow(RangeError)
})
