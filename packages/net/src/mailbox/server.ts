import type { ComponentLogger, Connection, PeerId, Startable, Stream } from '@libp2p/interface'
import type { Clock, Crypto, Logger, Metrics, Random, RelayId } from '@sotto/interface'
import { MAILBOX_PROTOCOL, MAX_REQUEST_BYTES } from '@sotto/wire'

import { openFrames } from '../frames.ts'
import { Operations } from './operations.ts'
import { ServerSession } from './server-session.ts'
import type { MailboxService } from './service.ts'
import { Subscribers } from './subscribers.ts'

export interface MailboxServerInit {
  readonly service: MailboxService
  readonly crypto: Crypto
  readonly random: Random
  readonly clock: Clock
  readonly metrics: Metrics
  readonly logger: Logger
  /** Whom a connection's writes are charged to, for example its network address. Kept only while the session is open. */
  sourceOf(connection: Connection): string
}

/** The parts of libp2p that the server needs. */
export interface MailboxServerComponents {
  readonly peerId: PeerId
  readonly logger: ComponentLogger
  readonly registrar: {
    handle(
      protocol: string,
      handler: (stream: Stream, connection: Connection) => void,
      options: { maxInboundStreams: number; runOnLimitedConnection: boolean },
    ): Promise<void>
    unhandle(protocol: string): Promise<void>
  }
}

/** The figures of a running server. */
export interface MailboxServer extends Startable {
  readonly sessions: number
  readonly subscriptions: number
  readonly keptSignals: number
}

/** A connection needs one stream; a second may be there while a client replaces the first. */
const MAX_STREAMS = 2

/** The relay's side of `/sotto/mailbox/1` as a libp2p service: `services: { mailbox: mailboxServer({ … }) }`. */
export function mailboxServer(init: MailboxServerInit): (components: MailboxServerComponents) => MailboxServer {
  return (components) => new Server(init, components)
}

class Server implements MailboxServer {
  readonly #init: MailboxServerInit
  readonly #components: MailboxServerComponents
  readonly #subscribers: Subscribers
  readonly #operations: Operations
  readonly #sessions = new Set<ServerSession>()

  constructor(init: MailboxServerInit, components: MailboxServerComponents) {
    this.#init = init
    this.#components = components
    this.#subscribers = new Subscribers(init.clock)
    this.#operations = new Operations(init.service, this.#subscribers)
  }

  get sessions(): number {
    return this.#sessions.size
  }

  get subscriptions(): number {
    return this.#subscribers.subscriptions
  }

  get keptSignals(): number {
    return this.#subscribers.keptSignals
  }

  async start(): Promise<void> {
    await this.#components.registrar.handle(
      MAILBOX_PROTOCOL,
      (stream, connection) => this.#accept(stream, connection),
      {
        maxInboundStreams: MAX_STREAMS,
        runOnLimitedConnection: false,
      },
    )
  }

  async stop(): Promise<void> {
    await this.#components.registrar.unhandle(MAILBOX_PROTOCOL)
    for (const session of this.#sessions) session.close()
    this.#subscribers.clear()
  }

  #accept(stream: Stream, connection: Connection): void {
    const { service: _, random, sourceOf, ...ports } = this.#init
    const session = new ServerSession({
      ...ports,
      frames: openFrames(stream, { maxFrame: MAX_REQUEST_BYTES }),
      context: {
        relay: this.#components.peerId.toString() as RelayId,
        challenge: random.bytes(32),
      },
      operations: this.#operations,
      source: sourceOf(connection),
      onEnd: (ended) => this.#forget(ended),
    })
    this.#sessions.add(session)
    session.start()
  }

  #forget(session: ServerSession): void {
    this.#sessions.delete(session)
    for (const mailbox of session.mailboxes) this.#subscribers.remove(mailbox, session)
    session.mailboxes.clear()
  }
}
