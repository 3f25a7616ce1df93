import type { Clock } from '@sotto/interface'

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  #now: number
  readonly #timers = new Map<() => void, number>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    this.#timers.set(run, this.#now + ms)
    return () => void this.#timers.delete(run)
  }

  advance(ms: number): void {
    this.#now += ms
    for (const [run, at] of this.#timers) {
      if (at > this.#now) continue
      this.#timers.delete(run)
      run()
    }
  }
}
