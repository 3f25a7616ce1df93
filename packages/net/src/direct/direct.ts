import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { DirectSession, Hello, TransportEvents } from '@sotto/interface'
import { EVENTS_PROTOCOL, HELLO_PROTOCOL, MAX_EVENTS_FRAME_BYTES } from '@sotto/wire'

import { openFrames } from '../frames.ts'
import { MAX_DIRECT_CONNECTIONS, type TransportInit } from '../init.ts'
import { pathFacts } from '../path-facts.ts'
import { HELLO_MS, helloFrames } from './exchange.ts'
import { EventsSession } from './session.ts'

const MAX_HELLOS = 8

/**
 * Hello and events on direct connections. Nothing is said to a peer before hello, nothing at all over a circuit, and a connection
 * on which hello failed is closed.
 */
export class Direct {
  readonly #init: TransportInit
  readonly #node: Libp2p
  readonly #events: TransportEvents
  readonly #hello: Hello
  /** Contexts that hello has proved on a connection, by the connection's id: one events stream may follow. */
  readonly #proved = new Map<string, string>()
  readonly #sessions = new Map<string, { session: EventsSession; connection: Connection }>()
  #hellos = 0

  constructor(init: TransportInit, node: Libp2p, events: TransportEvents, hello: Hello) {
    this.#init = init
    this.#node = node
    this.#events = events
    this.#hello = hello
  }

  async register(): Promise<void> {
    await this.#node.handle(HELLO_PROTOCOL, (stream, connection) => this.#onHello(stream, connection), {
      maxInboundStreams: 4,
    })
    await this.#node.handle(EVENTS_PROTOCOL, (stream, connection) => this.#onEvents(stream, connection), {
      maxInboundStreams: 1,
    })
  }

  /** The dialler's side, on a connection to that peer: hello, then the events stream. */
  async open(connection: Connection, context: string): Promise<DirectSession | undefined> {
    const known = this.#sessions.get(sessionName(context, connection))
    if (known !== undefined) return known.session
    if (!(await this.#sayHello(connection, context))) return undefined
    try {
      const stream = await connection.newStream(EVENTS_PROTOCOL, { signal: AbortSignal.timeout(HELLO_MS) })
      return this.#begin(stream, connection, context)
    } catch {
      return undefined
    }
  }

  stop(): void {
    for (const { session } of this.#sessions.values()) session.close()
  }

  async #sayHello(connection: Connection, context: string): Promise<boolean> {
    const peers = { dialler: this.#node.peerId.toString(), listener: connection.remotePeer.toString() }
    try {
      const stream = await connection.newStream(HELLO_PROTOCOL, { signal: AbortSignal.timeout(HELLO_MS) })
      const { frames, next } = helloFrames(stream, this.#init.clock)
      frames.send(await this.#hello.dial(context, peers))
      const reply = await next
      frames.close()
      return reply !== undefined && (await this.#hello.confirm(context, reply, peers))
    } catch {
      return false
    }
  }

  async #onHello(stream: Stream, connection: Connection): Promise<void> {
    const full = this.#hellos >= MAX_HELLOS || this.#sessions.size >= MAX_DIRECT_CONNECTIONS
    if (!isDirect(connection) || full || this.#proved.has(connection.id)) {
      return stream.abort(new Error('no hello here'))
    }
    this.#hellos += 1
    try {
      const peers = { dialler: connection.remotePeer.toString(), listener: this.#node.peerId.toString() }
      const { frames, next } = helloFrames(stream, this.#init.clock)
      const proof = await next
      const accepted = proof === undefined ? undefined : await this.#hello.accept(proof, peers)
      if (accepted === undefined) return this.#refuse(connection, frames.abort.bind(frames))
      this.#proved.set(connection.id, accepted.context)
      connection.addEventListener('close', () => this.#proved.delete(connection.id))
      frames.send(accepted.reply)
      frames.close()
    } catch {
      this.#refuse(connection, () => stream.abort(new Error('hello failed')))
    } finally {
      this.#hellos -= 1
    }
  }

  /** Whoever cannot prove to be a member learns nothing and goes. */
  #refuse(connection: Connection, abort: () => void): void {
    this.#init.metrics?.count('hello_refused')
    this.#init.logger.debug('hello refused')
    abort()
    connection.abort(new Error('hello refused'))
  }

  #onEvents(stream: Stream, connection: Connection): void {
    const context = this.#proved.get(connection.id)
    if (context === undefined) return stream.abort(new Error('hello first'))
    this.#begin(stream, connection, context)
  }

  #begin(stream: Stream, connection: Connection, context: string): DirectSession {
    const name = sessionName(context, connection)
    const session = new EventsSession({
      context,
      peer: connection.remotePeer.toString(),
      path: pathFacts(connection),
      frames: openFrames(stream, { maxFrame: MAX_EVENTS_FRAME_BYTES }),
      onEnvelope: (of, envelope) => this.#events.onEnvelope(of, envelope),
      onEnd: (of) => {
        if (this.#sessions.get(name)?.session === of) this.#sessions.delete(name)
        this.#events.onSessionEnd(of)
        void connection.close().catch(() => connection.abort(new Error('did not close')))
      },
      onFault: () => this.#init.metrics?.count('events_faults'),
    })
    this.#sessions.set(name, { session, connection })
    this.#events.onSession(session)
    session.listen()
    return session
  }
}

/** A circuit carries signalling only. */
export function isDirect(connection: Connection): boolean {
  return connection.direct && connection.limits === undefined
}

function sessionName(context: string, connection: Connection): string {
  return `${context} ${connection.id}`
}
