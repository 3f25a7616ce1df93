import { PATIENCE_MS } from '../peers/patience.ts'
import type { Entry, Happened } from './entry.ts'

/** A test of an entry and of its place in the history. */
type Wanted = (entry: Entry, at: number) => boolean

/** Everything that was asked, answered, told, killed and started, in the order in which the harness did or saw it. */
export class History {
  readonly #entries: Entry[] = []
  readonly #now: () => number
  readonly #watchers = new Set<(entry: Entry, at: number) => void>()

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
    for (const watcher of this.#watchers) watcher(entry, this.#entries.length - 1)
  }

  /** Calls `watcher` with every entry from now on, until the answer is called. */
  watch(watcher: (entry: Entry, at: number) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Resolves with the first wanted entry, already there or to come. Rejects, saying so, when that takes too long. */
  async until(wanted: Wanted, what: string): Promise<Entry> {
    return this.#entries.find(wanted) ?? (await this.next(wanted, what))
  }

  /** Resolves with the `count`th wanted entry from now on. Rejects, saying so, when that takes too long. */
  next(wanted: Wanted, what: string, count = 1): Promise<Entry> {
    let left = count
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        unwatch()
        reject(new Error(`This did not happen in time: ${what}.`))
      }, PATIENCE_MS)
      const unwatch = this.watch((entry, at) => {
        if (!wanted(entry, at) || --left > 0) return
        clearTimeout(timer)
        unwatch()
        resolve(entry)
      })
    })
  }
}
