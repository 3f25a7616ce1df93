import type { Clock, Logger } from '@sotto/interface'

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }

/** A clock that goes when it is told to. */
export class Time implements Clock {
  readonly #timers = new Map<() => void, number>()
  time = 0
  now = (): number => this.time
  monotonic = (): number => this.time

  after(ms: number, run: () => void): () => void {
    this.#timers.set(run, this.time + ms)
    return () => void this.#timers.delete(run)
  }

  go(ms: number): void {
    this.time += ms
    for (const [run, at] of this.#timers) {
      if (at > this.time) continue
      this.#timers.delete(run)
      run()
    }
  }
}
