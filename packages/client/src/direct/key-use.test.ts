import { expect, test } from 'vitest'
import { KeyUse } from './key-use.ts'

const nothing = (): void => undefined

/** How many more items may go now. */
function begin(use: KeyUse, now = 0, most = 100): number {
  let count = 0
  for (; count < most && use.hasRoom(now); count += 1) use.began()
  return count
}

test('under keys that the other end may not have, one item goes to find out; then sixteen at once', () => {
  const use = new KeyUse()
  expect(begin(use)).toBe(1)
  expect(use.held()).toBe(true)
  expect(begin(use)).toBe(16)
  // Half of them have been taken before more are looked for.
  expect(Array.from({ length: 16 }, () => use.held()).filter((isTime) => !isTime)).toHaveLength(7)
})

test('what is refused waits half a second, then twice as long each time, up to a minute', () => {
  const use = new KeyUse()
  let now = 1_000
  const waits: number[] = []
  for (let time = 0; time < 9; time += 1) {
    expect(begin(use, now)).toBe(1)
    const waitMs = use.refused(now, nothing) ?? 0
    expect(use.hasRoom(now + waitMs - 1)).toBe(false)
    waits.push(waitMs)
    now += waitMs - 1
    // A timer may come a moment too early.
    use.release()
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('those that were refused together wait once, and the next one goes alone', () => {
  const use = new KeyUse()
  begin(use)
  use.held()
  expect(begin(use)).toBe(16)
  const waits = Array.from({ length: 16 }, (_, at) => use.refused(at, nothing))
  expect(waits).toEqual([500, ...Array.from({ length: 15 }, () => undefined)])
  use.release()
  expect(begin(use, 500)).toBe(1)
})

test('as soon as the other end has shown the keys, everything that was refused may go', () => {
  const use = new KeyUse()
  const released: string[] = []
  begin(use)
  use.refused(0, () => released.push('one'))
  expect(use.shown()).toBe(true)
  expect(released).toEqual(['one'])
  expect(begin(use)).toBe(16)
})

test('who has the keys and takes nothing is not hurried by what it says, nor by what it takes', () => {
  const use = new KeyUse()
  const released: string[] = []
  use.shown()
  begin(use)
  use.refused(0, () => released.push('two'))
  expect(use.shown()).toBe(false)
  use.held()
  expect(released).toEqual([])
  use.release()
  use.release()
  expect(released).toEqual(['two'])
})
