import { MAX_TOPIC_WAITING } from './limits.ts'

/** Hands over envelopes one after the other. Those that come while too many wait are lost: a topic only gives hints. */
export class Intake {
  readonly #take: (envelope: Uint8Array) => Promise<unknown> | void
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** `take` must not fail. */
  constructor(take: (envelope: Uint8Array) => Promise<unknown> | void) {
    this.#take = take
  }

  /** False when it was lost. */
  add(envelope: Uint8Array): boolean {
    if (this.#waiting >= MAX_TOPIC_WAITING) return false
    this.#waiting += 1
    this.#tail = this.#tail.then(async () => {
      await this.#take(envelope)
      this.#waiting -= 1
    })
    return true
  }
}
