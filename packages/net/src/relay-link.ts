import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  refuse,
  type Address,
  type MailboxId,
  type MailboxKey,
  type Relay,
  type RelayId,
  type RelayResult,
} from '@sotto/interface'
import { MAILBOX_PROTOCOL, MAX_SERVER_FRAME_BYTES } from '@sotto/wire'

import { openFrames } from './frames.ts'
import type { TransportInit } from './init.ts'
import { openMailboxSession, type MailboxSession } from './mailbox/session.ts'

const CONNECT_MS = 10_000
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 30_000

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
  readonly #subscribed = new Map<MailboxId, MailboxKey>()
  #node: Libp2p | undefined
  #session: MailboxSession | undefined
  #pause = FIRST_PAUSE_MS
  #cancelRetry: (() => void) | undefined
  #isRunning = false
  problem: string | undefined

  constructor(address: Address, id: RelayId, init: TransportInit, events: RelayLinkEvents) {
    this.address = address
    this.id = id
    this.#init = init
    this.#events = events
  }

  get reachable(): boolean {
    return this.#session?.open === true
  }

  start(node: Libp2p): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#node = node
    void this.#connect()
  }

  stop(): void {
    this.#isRunning = false
    this.#cancelRetry?.()
    this.#session?.close()
    this.#session = undefined
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
    if (done.ok) for (const { mailbox, readKey } of mailboxes) this.#subscribed.set(mailbox, readKey)
    return done
  }

  unsubscribe: Relay['unsubscribe'] = (mailboxes) => {
    for (const mailbox of mailboxes) this.#subscribed.delete(mailbox)
    this.#session?.unsubscribe(mailboxes)
  }

  async #with<T>(ask: (session: MailboxSession) => Promise<RelayResult<T>>): Promise<RelayResult<T>> {
    return this.#session?.open === true ? ask(this.#session) : refuse('unreachable')
  }

  async #connect(): Promise<void> {
    const problem = await this.#open()
    if (!this.#isRunning) return
    this.problem = problem
    if (problem === undefined) {
      this.#pause = FIRST_PAUSE_MS
      await this.#subscribeAgain()
    } else {
      this.#retry()
    }
    this.#events.onRelay(this)
  }

  /** Why it did not work; undefined with a session. */
  async #open(): Promise<string | undefined> {
    const node = this.#node
    if (node === undefined) return 'refused'
    try {
      const signal = AbortSignal.timeout(CONNECT_MS)
      const connection = await node.dial(multiaddr(this.address), { signal })
      const stream = await connection.newStream(MAILBOX_PROTOCOL, { signal })
      const frames = openFrames(stream, { maxFrame: MAX_SERVER_FRAME_BYTES })
      const { crypto, clock, metrics } = this.#init
      const opened = await openMailboxSession({
        frames,
        relayId: this.id,
        crypto,
        clock,
        ...(metrics === undefined ? {} : { metrics }),
        onMail: (mailbox) => this.#events.onMail(this.id, mailbox),
        onSignal: (mailbox, record) => this.#events.onSignal(this.id, mailbox, record),
        onEnd: () => this.#onEnd(),
      })
      if (!opened.ok) return opened.reason === 'silent' ? 'timeout' : 'unsupported'
      this.#session = opened.value
      return undefined
    } catch (error) {
      return problemOf(error)
    }
  }

  async #subscribeAgain(): Promise<void> {
    const all = [...this.#subscribed].map(([mailbox, readKey]) => ({ mailbox, readKey }))
    if (all.length > 0) await this.#with((session) => session.subscribe(all))
  }

  #onEnd(): void {
    this.#session = undefined
    if (!this.#isRunning) return
    this.problem = 'refused'
    this.#retry()
    this.#events.onRelay(this)
  }

  #retry(): void {
    const jitter = 0.5 + Math.random() / 2
    this.#cancelRetry?.()
    this.#cancelRetry = this.#init.clock.after(this.#pause * jitter, () => void this.#connect())
    this.#pause = Math.min(MAX_PAUSE_MS, this.#pause * 2)
  }
}

/** In one word, for the sentence that a person gets. */
function problemOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error)
  if (/UnexpectedPeer|did not match|InvalidCrypto|EncryptionFailed/i.test(text)) return 'wrong-peer'
  if (/UnsupportedProtocol|protocol selection failed/i.test(text)) return 'unsupported'
  return /timeout|aborted/i.test(text) ? 'timeout' : 'refused'
}
