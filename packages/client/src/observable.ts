import type { ReadonlyStore } from '@sotto/interface'

/** A value that its owner sets and everybody else reads. */
export class Observable<T> implements ReadonlyStore<T> {
  #value: T
  readonly #listeners = new Set<() => void>()
  readonly #onIdle: (() => void) | undefined

  /** `onIdle` is called when the last subscriber has left. */
  constructor(value: T, onIdle?: () => void) {
    this.#value = value
    this.#onIdle = onIdle
  }

  /** Bound, so that it can be handed to a view as it is. */
  readonly get = (): T => this.#value

  readonly subscribe = (changed: () => void): (() => void) => {
    const listener = (): void => changed()
    this.#listeners.add(listener)
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#onIdle?.()
    }
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }
}
