/** What a commit changes. `add` brings one device in, `remove` takes out the one that came in last. */
export type Change = 'update' | 'add' | 'remove'

/** How long something took, and how much CPU time the process used for it, in milliseconds: the latter also holds on a busy machine. */
export interface Spent {
  readonly ms: number
  readonly cpuMs: number
}

/** What one change costs at the committer, at another member and at the newcomer, and bytes on the wire. */
export interface Round {
  readonly commit: Spent
  readonly process: Spent
  readonly commitBytes: number
  readonly join?: Spent
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

/** Runs something and says what it took. */
export async function timed<T>(run: () => Promise<T> | T): Promise<[value: T, spent: Spent]> {
  const [began, used] = [performance.now(), process.cpuUsage()]
  const value = await run()
  const { user, system } = process.cpuUsage(used)
  return [value, { ms: performance.now() - began, cpuMs: (user + system) / 1_000 }]
}

/** The value, or an error that says what was missing. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no ${what}.`)
  return value
}
