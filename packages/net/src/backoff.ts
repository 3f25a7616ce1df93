import type { Clock } from '@sotto/interface'

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 30_000

/** Pauses between attempts: twice as long each time, up to half a minute, spread so that not everybody returns at once. */
export class Backoff {
  readonly #clock: Clock
  #pause = FIRST_PAUSE_MS
  #pending: { cancel: () => void; attempt: () => void } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `attempt` after the pause that is due. What was waiting before is forgotten. */
  later(attempt: () => void): void {
    this.stop()
    const run = (): void => {
      this.#pending = undefined
      attempt()
    }
    const cancel = this.#clock.after(this.#pause * (0.5 + Math.random() / 2), run)
    this.#pending = { cancel, attempt: run }
    this.#pause = Math.min(MAX_PAUSE_MS, this.#pause * 2)
  }

  /** What waits is done at once: the network has come back, say. */
  hurry(): void {
    const pending = this.#pending
    this.reset()
    this.stop()
    pending?.attempt()
  }

  /** It worked: the next failure is a first one. */
  reset(): void {
    this.#pause = FIRST_PAUSE_MS
  }

  stop(): void {
    this.#pending?.cancel()
    this.#pending = undefined
  }
}
