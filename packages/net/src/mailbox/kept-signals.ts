import type { Clock, MailboxId } from '@sotto/interface'

interface Kept {
  readonly mailbox: MailboxId
  readonly record: Uint8Array
  readonly source: string
  readonly expires: number
}

/** How long a signal waits for a subscriber who arrives, in ms; how many are kept for one mailbox, and in all. */
const KEEP_MS = 60_000
const KEEP_PER_MAILBOX = 4
const KEEP_IN_ALL = 4_096

/** The signals of the last minute, in memory only. When there is no more room, whoever has left most gives way. */
export class KeptSignals {
  readonly #clock: Clock
  /** Oldest first, here and below. */
  readonly #byMailbox = new Map<MailboxId, Kept[]>()
  readonly #bySource = new Map<string, Set<Kept>>()
  #size = 0
  #sweep: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#size
  }

  of(mailbox: MailboxId): Uint8Array[] {
    const now = this.#clock.monotonic()
    return (this.#byMailbox.get(mailbox) ?? []).filter(({ expires }) => expires > now).map(({ record }) => record)
  }

  /** False when there is no room that this source should have. */
  keep(mailbox: MailboxId, record: Uint8Array, source: string): boolean {
    const [oldest, ...others] = this.#byMailbox.get(mailbox) ?? []
    if (oldest !== undefined && others.length + 1 >= KEEP_PER_MAILBOX) this.#drop(oldest)
    else if (this.#size >= KEEP_IN_ALL && !this.#makeRoom(source)) return false
    const kept: Kept = { mailbox, record, source, expires: this.#clock.monotonic() + KEEP_MS }
    this.#byMailbox.set(mailbox, [...(this.#byMailbox.get(mailbox) ?? []), kept])
    this.#bySource.set(source, (this.#bySource.get(source) ?? new Set()).add(kept))
    this.#size += 1
    this.#sweep ??= this.#clock.after(KEEP_MS, () => this.#forgetOld())
    return true
  }

  /** Forgets everything and stops its timer. */
  clear(): void {
    this.#sweep?.()
    this.#sweep = undefined
    this.#byMailbox.clear()
    this.#bySource.clear()
    this.#size = 0
  }

  /** At the cost of the source that has left most, unless that is the one which asks. */
  #makeRoom(source: string): boolean {
    let most: ReadonlySet<Kept> = new Set()
    for (const signals of this.#bySource.values()) if (signals.size > most.size) most = signals
    if ((this.#bySource.get(source)?.size ?? 0) >= most.size - 1) return false
    for (const oldest of most) {
      this.#drop(oldest)
      return true
    }
    return false
  }

  #drop(kept: Kept): void {
    const left = (this.#byMailbox.get(kept.mailbox) ?? []).filter((each) => each !== kept)
    if (left.length > 0) this.#byMailbox.set(kept.mailbox, left)
    else this.#byMailbox.delete(kept.mailbox)
    const signals = this.#bySource.get(kept.source)
    signals?.delete(kept)
    if (signals?.size === 0) this.#bySource.delete(kept.source)
    this.#size -= 1
  }

  #forgetOld(): void {
    this.#sweep = undefined
    const now = this.#clock.monotonic()
    let next = Infinity
    for (const signals of this.#bySource.values()) {
      for (const kept of signals) {
        if (kept.expires > now) {
          next = Math.min(next, kept.expires)
          break // Those after it are younger.
        }
        this.#drop(kept)
      }
    }
    if (next < Infinity) this.#sweep = this.#clock.after(next - now, () => this.#forgetOld())
  }
}
