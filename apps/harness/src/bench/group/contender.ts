/** What a commit changes. `add` brings one device in, `remove` takes out the one that came in last. */
export type Change = 'update' | 'add' | 'remove'

/** What one change costs: milliseconds at the committer, at another member and at the newcomer, and bytes on the wire. */
export interface Round {
  readonly commitMs: number
  readonly processMs: number
  readonly commitBytes: number
  readonly joinMs?: number
  readonly welcomeBytes?: number
}

/** A group in which {@link LEADERS} members, spread over the tree, have committed once. */
export interface Warm {
  /** Commits, processes and, after an `add`, joins; the group then stands at the new epoch. */
  round(change: Change): Promise<Round>
  /** Bytes that one epoch takes in a store, or why that is not known. */
  stored(): StoredBytes | string
}

export interface StoredBytes {
  /** An epoch alone. */
  readonly first: number
  /** An epoch after an update, beside the one before it. */
  readonly next: number
}

/** One engine that plays the same group as the others. */
export interface Contender {
  readonly name: string
  readonly suite: string
  keyPackageBytes(): Promise<number>
  gather(size: number): Promise<Warm>
}

/** How many members commit before anything is measured: so many paths of the tree have keys. */
const LEADERS = 16

/** The leaves of those members, spread over a tree of that size; the first is the founder's. */
export function leadersOf(size: number): readonly number[] {
  const count = Math.min(LEADERS, size)
  return Array.from({ length: count }, (_, at) => Math.floor((at * size) / count))
}

/** Runs something and says how long it took, in milliseconds. */
export async function timed<T>(run: () => Promise<T> | T): Promise<[value: T, ms: number]> {
  const began = performance.now()
  const value = await run()
  return [value, performance.now() - began]
}

/** The value, or an error that says what was missing. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no ${what}.`)
  return value
}
