import { expect, test } from 'vitest'
import { virtualClock } from './clock.ts'

test('time passes only when told to, and what is due runs in the order of its time', () => {
  const clock = virtualClock(1_000)
  const ran: string[] = []
  clock.after(30, () => ran.push(`c at ${clock.now()}`))
  clock.after(10, () => {
    ran.push(`a at ${clock.now()}`)
    clock.after(10, () => ran.push(`b at ${clock.now()}`))
  })
  clock.after(10, () => ran.push('a2'))
  const cancel = clock.after(15, () => ran.push('never'))
  cancel()
  expect(clock.nextDue()).toBe(10)
  clock.advance(25)
  expect(ran).toEqual(['a at 1010', 'a2', 'b at 1020'])
  expect([clock.now(), clock.monotonic()]).toEqual([1_025, 25])
  expect(clock.runNext()).toBe(true)
  expect(ran.at(-1)).toBe('c at 1030')
  expect(clock.runNext()).toBe(false)
})

test('a jump of the wall clock makes nothing due', () => {
  const clock = virtualClock(1_000)
  let ran = 0
  clock.after(10, () => (ran += 1))
  clock.jump(-500)
  clock.advance(9)
  expect([clock.now(), clock.monotonic(), ran]).toEqual([509, 9, 0])
  clock.advance(1)
  expect(ran).toBe(1)
})
