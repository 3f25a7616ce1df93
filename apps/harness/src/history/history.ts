import type { Entry, Happened } from './entry.ts'

/** Finite, since a hang is a failure; generous, since machines are busy. */
const PATIENCE_MS = 60_000

/** Everything that was asked, answered, told, killed and started, in the order in which the harness did or saw it. */
export class History {
  readonly #entries: Entry[] = []
  readonly #now: () => number
  readonly #watchers = new Set<(entry: Entry) => void>()

  /** @param now milliseconds since the scenario began */
  constructor(now: () => number) {
    this.#now = now
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  add(who: string, happened: Happened): void {
    const entry = { at: Math.round(this.#now()), who, ...happened }
    this.#entries.push(entry)
    for (const watcher of this.#watchers) watcher(entry)
  }

  /** Calls `watcher` with every entry from now on, until the answer is called. */
  watch(watcher: (entry: Entry) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Resolves when it has what is wanted, already or later. Rejects, saying so, when that takes more than a minute. */
  until(wanted: (entry: Entry) => boolean, what: string): Promise<void> {
    return this.#entries.some(wanted) ? Promise.resolve() : this.next(wanted, what)
  }

  /** Resolves at the `count`th wanted entry from now on. Rejects, saying so, when that takes more than a minute. */
  next(wanted: (entry: Entry) => boolean, what: string, count = 1): Promise<void> {
    let left = count
    return new Promise((resolve, reject) => {
      const finish = (failure?: Error): void => {
        clearTimeout(timer)
        unwatch()
        if (failure === undefined) resolve()
        else reject(failure)
      }
      const timer = setTimeout(() => finish(new Error(`This did not happen in time: ${what}.`)), PATIENCE_MS)
      const unwatch = this.watch((entry) => {
        if (wanted(entry) && --left <= 0) finish()
      })
    })
  }
}
