import type { Clock } from '@sotto/interface'

/** Time that passes only when told to. */
export interface VirtualClock extends Clock {
  /** Lets that many milliseconds pass; everything due by then runs, in order of its time. */
  advance(ms: number): void
  /** Goes on to the next thing due and runs it; false when nothing waits. */
  runNext(): boolean
  /** When the next thing is due, on the monotonic scale. */
  nextDue(): number | undefined
  /** Sets the wall clock forward or back, as a person or a time server does. Nothing becomes due by that. */
  jump(ms: number): void
}

interface Timer {
  readonly due: number
  readonly run: () => void
}

/** `start` is the wall clock's first reading, in ms since 1970. */
export function virtualClock(start: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let passed = 0
  let wall = start
  const timers = new Set<Timer>()

  /** The earliest timer; of those due together, the one set first. */
  function next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) if (first === undefined || timer.due < first.due) first = timer
    return first
  }

  function passUntil(due: number): void {
    wall += due - passed
    passed = due
  }

  function run(timer: Timer): void {
    timers.delete(timer)
    passUntil(Math.max(passed, timer.due))
    timer.run()
  }

  return {
    now: () => wall,
    monotonic: () => passed,
    after(ms, callback) {
      const timer = { due: passed + Math.max(0, ms), run: callback }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      const end = passed + ms
      for (let timer = next(); timer !== undefined && timer.due <= end; timer = next()) run(timer)
      passUntil(end)
    },
    runNext() {
      const timer = next()
      if (timer !== undefined) run(timer)
      return timer !== undefined
    },
    nextDue: () => next()?.due,
    jump(ms) {
      wall += ms
    },
  }
}
