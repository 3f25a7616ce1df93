/** Runs `work` at most once at a time; a call during a run makes exactly one more run follow. */
export class SingleFlight {
  readonly #work: () => Promise<void>
  #running: Promise<void> | undefined
  #again = false

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Resolves when a run that began after this call has ended. `work` must not throw what nobody expects. */
  async run(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#loop()
    return this.#running
  }

  async #loop(): Promise<void> {
    try {
      do {
        this.#again = false
        await this.#work()
      } while (this.#again)
    } finally {
      this.#running = undefined
    }
  }
}
