import type { ReadonlyStore } from '@sotto/interface'

export interface WritableStore<T> extends ReadonlyStore<T> {
  set(value: T): void
  isWatched(): boolean
}

/** The smallest store there is: a value and who wants to know when it changes. */
export function writableStore<T>(initial: T): WritableStore<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const changed of listeners) changed()
    },
    isWatched: () => listeners.size > 0,
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}
