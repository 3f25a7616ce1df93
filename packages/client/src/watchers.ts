import type { Fact } from './fact.ts'

/** Those who watch what happens. */
export class Watchers {
  readonly #listeners = new Set<(fact: Fact) => void>()
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  add(listener: (fact: Fact) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  tell(fact: Fact): void {
    for (const listener of this.#listeners) {
      try {
        listener(fact)
      } catch (error) {
        // Who watches must not stop what is watched.
        this.#onError(error)
      }
    }
  }
}
