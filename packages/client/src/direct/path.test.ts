import type { DeviceId, DirectSession, GenerationId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { Path } from './path.ts'

const KEYS = 'keys' as GenerationId
const OTHERS = 'others' as GenerationId
const path = (): Path => new Path({} as DirectSession, 'device' as DeviceId)
const nothing = (): void => undefined

/** How many more items may go now. */
function begin(over: Path, now = 0, most = 100): number {
  let count = 0
  for (; count < most && over.hasRoom(KEYS, now); count += 1) over.began(KEYS)
  return count
}

test('under keys that the other end may not have, one item goes to find out; then sixteen at once', () => {
  const over = path()
  expect(begin(over)).toBe(1)
  expect(over.held(KEYS)).toBe(true)
  expect(begin(over)).toBe(16)
  // Half of them have been taken before more are looked for.
  expect(Array.from({ length: 16 }, () => over.held(KEYS)).filter((isTime) => !isTime)).toHaveLength(7)
  expect(over.hasRoom(OTHERS, 0)).toBe(true)
})

test('what is refused waits half a second, then twice as long each time, up to five minutes', () => {
  const over = path()
  let now = 1_000
  const waits: number[] = []
  for (let time = 0; time < 12; time += 1) {
    expect(begin(over, now)).toBe(1)
    const waitMs = over.refused(KEYS, now, nothing)
    expect(over.hasRoom(KEYS, now + waitMs - 1)).toBe(false)
    waits.push(waitMs)
    now += waitMs - 1
    // A timer may come a moment too early.
    over.release(KEYS)
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000])
})

test('those that were refused together wait once, and the next one goes alone', () => {
  const over = path()
  begin(over)
  over.held(KEYS)
  expect(begin(over)).toBe(16)
  expect(Array.from({ length: 16 }, (_, at) => over.refused(KEYS, at, nothing))).toEqual(
    Array.from({ length: 16 }, (_, at) => 500 - at),
  )
  expect(begin(over, 500)).toBe(1)
})

test('as soon as the other end has shown the keys, everything that was refused may go', () => {
  const over = path()
  const released: string[] = []
  begin(over)
  over.refused(KEYS, 0, () => released.push('one'))
  expect(over.shown(KEYS)).toBe(true)
  expect(released).toEqual(['one'])
  expect(begin(over)).toBe(16)
  // It is nothing new, and what is taken does not hurry what is not: each goes again at its time.
  expect(over.shown(KEYS)).toBe(false)
  over.refused(KEYS, 0, () => released.push('two'))
  over.held(KEYS)
  expect(released).toEqual(['one'])
  over.release(KEYS)
  over.release(KEYS)
  expect(released).toEqual(['one', 'two'])
})
