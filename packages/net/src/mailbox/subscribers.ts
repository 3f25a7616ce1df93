import type { Clock, MailboxId } from '@sotto/interface'

/** One session as the registry sees it. */
export interface Listener {
  mail(mailbox: MailboxId, last: number): void
  signalled(mailbox: MailboxId, record: Uint8Array): void
}

interface KeptSignal {
  readonly record: Uint8Array
  readonly expires: number
}

/** How long a signal waits for a subscriber who arrives, in ms; how many are kept for one mailbox, and in all. */
const KEEP_MS = 60_000
const KEEP_PER_MAILBOX = 4
const KEEP_IN_ALL = 4_096
const MAX_SUBSCRIPTIONS = 262_144

/** Who is told what, in memory only: subscriptions of all sessions, and signals of the last minute. */
export class Subscribers {
  readonly #clock: Clock
  readonly #listeners = new Map<MailboxId, Set<Listener>>()
  readonly #signals = new Map<MailboxId, KeptSignal[]>()
  #subscriptions = 0
  #kept = 0
  #sweep: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get subscriptions(): number {
    return this.#subscriptions
  }

  get keptSignals(): number {
    return this.#kept
  }

  /** False when this relay has no room for that many more. */
  hasRoom(more: number): boolean {
    return this.#subscriptions + more <= MAX_SUBSCRIPTIONS
  }

  /** Adds a listener, who gets the signals of the last minute. */
  add(mailbox: MailboxId, listener: Listener): void {
    const listeners = this.#listeners.get(mailbox) ?? new Set()
    this.#listeners.set(mailbox, listeners)
    if (listeners.has(listener)) return
    listeners.add(listener)
    this.#subscriptions++
    const now = this.#clock.monotonic()
    for (const { record, expires } of this.#signals.get(mailbox) ?? []) {
      if (expires > now) listener.signalled(mailbox, record)
    }
  }

  remove(mailbox: MailboxId, listener: Listener): void {
    const listeners = this.#listeners.get(mailbox)
    if (listeners?.delete(listener) !== true) return
    this.#subscriptions--
    if (listeners.size === 0) this.#listeners.delete(mailbox)
  }

  /** Tells everyone but the session that wrote. */
  mail(mailbox: MailboxId, last: number, writer: Listener): void {
    for (const listener of this.#listeners.get(mailbox) ?? []) if (listener !== writer) listener.mail(mailbox, last)
  }

  /** False when too many signals are kept already; who is subscribed now has got it nevertheless. */
  signal(mailbox: MailboxId, record: Uint8Array, sender: Listener): boolean {
    for (const listener of this.#listeners.get(mailbox) ?? []) {
      if (listener !== sender) listener.signalled(mailbox, record)
    }
    const kept = this.#signals.get(mailbox) ?? []
    if (kept.length >= KEEP_PER_MAILBOX) {
      kept.shift()
      this.#kept--
    } else if (this.#kept >= KEEP_IN_ALL) return false
    kept.push({ record, expires: this.#clock.monotonic() + KEEP_MS })
    this.#signals.set(mailbox, kept)
    this.#kept++
    this.#sweep ??= this.#clock.after(KEEP_MS, () => this.#forgetOld())
    return true
  }

  /** Forgets everything and stops its timer. */
  clear(): void {
    this.#sweep?.()
    this.#sweep = undefined
    this.#listeners.clear()
    this.#signals.clear()
    this.#subscriptions = 0
    this.#kept = 0
  }

  #forgetOld(): void {
    this.#sweep = undefined
    const now = this.#clock.monotonic()
    let next = Infinity
    for (const [mailbox, signals] of this.#signals) {
      const left = signals.filter(({ expires }) => expires > now)
      this.#kept -= signals.length - left.length
      next = Math.min(next, left[0]?.expires ?? Infinity)
      if (left.length > 0) this.#signals.set(mailbox, left)
      else this.#signals.delete(mailbox)
    }
    if (next < Infinity) this.#sweep = this.#clock.after(next - now, () => this.#forgetOld())
  }
}
