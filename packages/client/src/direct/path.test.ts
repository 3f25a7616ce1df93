import type { DeviceId, DirectSession, GenerationId, InnerId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { Path } from './path.ts'
import { Sent } from './sent.ts'

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

test('what is refused waits half a second, then twice as long each time, up to a minute', () => {
  const over = path()
  let now = 1_000
  const waits: number[] = []
  for (let time = 0; time < 9; time += 1) {
    expect(begin(over, now)).toBe(1)
    const waitMs = over.refused(KEYS, now, nothing) ?? 0
    expect(over.hasRoom(KEYS, now + waitMs - 1)).toBe(false)
    waits.push(waitMs)
    now += waitMs - 1
    // A timer may come a moment too early.
    over.release(KEYS)
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('those that were refused together wait once, and the next one goes alone', () => {
  const over = path()
  begin(over)
  over.held(KEYS)
  expect(begin(over)).toBe(16)
  const waits = Array.from({ length: 16 }, (_, at) => over.refused(KEYS, at, nothing))
  expect(waits).toEqual([500, ...Array.from({ length: 15 }, () => undefined)])
  over.release(KEYS)
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
})

test('who has the keys and takes nothing is not hurried by what it says, nor by what it takes', () => {
  const over = path()
  const released: string[] = []
  over.shown(KEYS)
  begin(over)
  over.refused(KEYS, 0, () => released.push('two'))
  expect(over.shown(KEYS)).toBe(false)
  over.held(KEYS)
  expect(released).toEqual([])
  over.release(KEYS)
  over.release(KEYS)
  expect(released).toEqual(['two'])
})

test('large items go one after the other', async () => {
  const over = path()
  const first = Promise.withResolvers<boolean>()
  const begun: number[] = []
  const both = [
    over.alone(() => {
      begun.push(1)
      return first.promise
    }),
    over.alone(() => {
      begun.push(2)
      return Promise.resolve(false)
    }),
  ]
  await Promise.resolve()
  expect(begun).toEqual([1])
  first.resolve(true)
  expect(await Promise.all(both)).toEqual([true, false])
})

test('what was refused goes last, and under other keys it is something else', () => {
  const sent = new Sent()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ innerId: name as InnerId, generation: KEYS }))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  for (const row of [a, b]) sent.add(row)
  sent.refuse(a)
  expect([a, b, c].map((row) => sent.has(row))).toEqual([false, true, false])
  expect(sent.has({ ...b, generation: OTHERS })).toBe(false)
  expect(sent.inTurn([a, b, c])).toEqual([b, c, a])
  sent.keep([a, c])
  expect([sent.has(b), sent.inTurn([a, c])]).toEqual([false, [c, a]])
  sent.keep([])
  expect(sent.inTurn([a, c])).toEqual([a, c])
})
