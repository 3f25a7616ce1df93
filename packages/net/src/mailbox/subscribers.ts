import type { Clock, MailboxId } from '@sotto/interface'

import { KeptSignals } from './kept-signals.ts'

/** One session as the registry sees it. */
export interface Listener {
  mail(mailbox: MailboxId, last: number): void
  signalled(mailbox: MailboxId, record: Uint8Array): void
}

/** Who signals: `source` is whom it is charged to. */
export interface Sender extends Listener {
  readonly source: string
}

const MAX_SUBSCRIPTIONS = 262_144

/** Who is told what, in memory only: subscriptions of all sessions, and signals of the last minute. */
export class Subscribers {
  readonly #listeners = new Map<MailboxId, Set<Listener>>()
  readonly #signals: KeptSignals
  #subscriptions = 0

  constructor(clock: Clock) {
    this.#signals = new KeptSignals(clock)
  }

  get subscriptions(): number {
    return this.#subscriptions
  }

  get keptSignals(): number {
    return this.#signals.size
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
    for (const record of this.#signals.of(mailbox)) listener.signalled(mailbox, record)
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

  /** False when there is no room to keep it; who is subscribed now has got it nevertheless. */
  signal(mailbox: MailboxId, record: Uint8Array, sender: Sender): boolean {
    for (const listener of this.#listeners.get(mailbox) ?? []) {
      if (listener !== sender) listener.signalled(mailbox, record)
    }
    return this.#signals.keep(mailbox, record, sender.source)
  }

  /** Forgets everything and stops its timer. */
  clear(): void {
    this.#signals.clear()
    this.#listeners.clear()
    this.#subscriptions = 0
  }
}
