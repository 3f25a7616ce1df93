/** Runs one piece of work after the other, in the order in which they were asked: the single writer of what it guards. */
export class Lane {
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** How many pieces of work are running or waiting. */
  get size(): number {
    return this.#waiting
  }

  /** Resolves or rejects as `work` does; a rejection does not stop the lane. Calling `run` of a lane inside itself and awaiting it never ends. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#tail.then(work)
    this.#tail = result.then(
      () => this.#done(),
      () => this.#done(),
    )
    return result
  }

  /** Resolves when everything asked so far has ended. */
  async idle(): Promise<void> {
    while (this.#waiting > 0) await this.#tail
  }

  #done(): void {
    this.#waiting -= 1
  }
}
