import {
  refuse,
  type Address,
  type MailboxId,
  type MailboxKey,
  type Relay,
  type RelayId,
  type RelayResult,
} from '@sotto/interface'

import { abortConnection } from './abort-connection.ts'
import { Backoff } from './backoff.ts'
import type { TransportInit } from './init.ts'
import type { MailboxSession } from './mailbox/session.ts'
import type { Node } from './platform.ts'
import { connectRelay, type RelayConnection } from './relay-connection.ts'
import { Reservation } from './reservation.ts'

/** Addresses of one relay that are kept; those named last are tried first. */
const MAX_ADDRESSES = 4

export interface RelayLinkEvents {
  onMail(relay: RelayId, mailbox: MailboxId): void
  onSignal(relay: RelayId, mailbox: MailboxId, record: Uint8Array): void
  onRelay(relay: Relay): void
}

/** The `Relay` port over a connection that is kept up: reconnects with growing pauses, and subscribes again by itself. */
export class RelayLink implements Relay {
  readonly id: RelayId
  readonly address: Address
  readonly #init: TransportInit
  readonly #events: RelayLinkEvents
  readonly #backoff: Backoff
  readonly #reservation: Reservation
  readonly #subscribed = new Map<MailboxId, MailboxKey>()
  #addresses: readonly Address[]
  /** The node of this start; another one, or none, makes what an earlier start began meaningless. */
  #node: Node | undefined
  #open: RelayConnection | undefined
  problem: string | undefined

  constructor(address: Address, id: RelayId, init: TransportInit, events: RelayLinkEvents) {
    this.address = address
    this.id = id
    this.#addresses = [address]
    this.#init = init
    this.#events = events
    this.#backoff = new Backoff(init.clock)
    this.#reservation = new Reservation(init.clock)
  }

  get reachable(): boolean {
    return this.#open?.session.open === true
  }

  /** The same relay at another address, which may be the one that works. */
  alsoAt(address: Address): void {
    const others = this.#addresses.filter((known) => known !== address)
    this.#addresses = [address, ...others].slice(0, MAX_ADDRESSES)
  }

  start(node: Node): void {
    if (this.#node === node) return
    this.#node = node
    void this.#connect(node)
  }

  stop(): void {
    this.#node = undefined
    this.#backoff.stop()
    this.#reservation.stop()
    const open = this.#open
    this.#open = undefined
    open?.session.close()
    void open?.connection.close().catch(() => abortConnection(open.connection, 'did not close'))
  }

  /** Tries again now, if it is waiting to. */
  hurry(): void {
    this.#backoff.hurry()
  }

  /** The relay no longer lets others reach us through it. */
  onReservationLost(): void {
    if (this.reachable) this.#reservation.again()
  }

  create: Relay['create'] = (...ask) => this.#with((session) => session.create(...ask))
  put: Relay['put'] = (...ask) => this.#with((session) => session.put(...ask))
  list: Relay['list'] = (...ask) => this.#with((session) => session.list(...ask))
  get: Relay['get'] = (...ask) => this.#with((session) => session.get(...ask))
  signal: Relay['signal'] = (...ask) => this.#with((session) => session.signal(...ask))
  putBlob: Relay['putBlob'] = (...ask) => this.#with((session) => session.putBlob(...ask))
  getBlob: Relay['getBlob'] = (...ask) => this.#with((session) => session.getBlob(...ask))
  deleteBlob: Relay['deleteBlob'] = (...ask) => this.#with((session) => session.deleteBlob(...ask))

  subscribe: Relay['subscribe'] = async (mailboxes, options) => {
    const done = await this.#with((session) => session.subscribe(mailboxes, options))
    // With `unknown`, all but some of them are subscribed; which ones is not said.
    if (done.ok || done.reason === 'unknown') {
      for (const { mailbox, readKey } of mailboxes) this.#subscribed.set(mailbox, readKey)
    }
    return done
  }

  unsubscribe: Relay['unsubscribe'] = (mailboxes) => {
    for (const mailbox of mailboxes) this.#subscribed.delete(mailbox)
    this.#open?.session.unsubscribe(mailboxes)
  }

  async #with<T>(ask: (session: MailboxSession) => Promise<RelayResult<T>>): Promise<RelayResult<T>> {
    return this.#open?.session.open === true ? ask(this.#open.session) : refuse('unreachable')
  }

  async #connect(node: Node): Promise<void> {
    const opened = await connectRelay(node, { id: this.id, addresses: this.#addresses }, this.#init, {
      onMail: (mailbox) => this.#events.onMail(this.id, mailbox),
      onSignal: (mailbox, record) => this.#events.onSignal(this.id, mailbox, record),
      onEnd: () => this.#onEnd(node),
    })
    const isOpen = opened.ok && opened.value.session.open
    if (opened.ok && (!isOpen || this.#node !== node)) abortConnection(opened.value.connection, 'stopped, or ended')
    if (this.#node !== node) return
    if (!opened.ok || !isOpen) return this.#failed(node, opened.ok ? 'refused' : opened.reason)
    this.#open = opened.value
    this.problem = undefined
    this.#backoff.reset()
    const { connection } = opened.value
    this.#reservation.keep(() => node.services.circuits.reserve(connection))
    await this.#subscribeAgain()
    this.#events.onRelay(this)
  }

  #failed(node: Node, problem: string): void {
    this.problem = problem
    this.#backoff.later(() => void this.#connect(node))
    this.#events.onRelay(this)
  }

  async #subscribeAgain(): Promise<void> {
    const all = [...this.#subscribed].map(([mailbox, readKey]) => ({ mailbox, readKey }))
    if (all.length > 0) await this.#with((session) => session.subscribe(all))
  }

  #onEnd(node: Node): void {
    // The end of a session that is not yet, or no longer, ours is seen where it began.
    if (this.#node !== node || this.#open === undefined) return
    const { connection } = this.#open
    this.#open = undefined
    this.#reservation.stop()
    abortConnection(connection, 'the session ended')
    this.#failed(node, 'refused')
  }
}
