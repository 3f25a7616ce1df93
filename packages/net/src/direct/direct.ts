import type { Connection, Stream } from '@libp2p/interface'
import type { DirectSession, Hello, TransportEvents } from '@sotto/interface'
import { EVENTS_PROTOCOL, HELLO_PROTOCOL, MAX_EVENTS_FRAME_BYTES } from '@sotto/wire'

import { abortConnection } from '../abort-connection.ts'
import { openFrames } from '../frames.ts'
import type { Gate } from '../gate.ts'
import { MAX_DIRECT_CONNECTIONS, type TransportInit } from '../init.ts'
import { watchLiveness } from '../liveness.ts'
import { isDirect, pathFacts } from '../path-facts.ts'
import type { Node } from '../platform.ts'
import { answerHello, HELLO_MS, sayHello, type HelloParts } from './hello.ts'
import { Newcomers } from './newcomers.ts'
import { Paths, replaces } from './paths.ts'
import { EventsSession } from './session.ts'

/** Hellos in progress at once, and how many of these may be said by peers that nobody has announced. */
const MAX_HELLOS = 8
const MAX_HELLOS_OF_STRANGERS = 4
/** A peer that is gone without a word is noticed within 14 s, if a relay could introduce the two once more. */
const QUIET_MS = 4_000
const ANSWER_MS = 5_000

export interface DirectInit {
  readonly init: TransportInit
  readonly gate: Gate
  readonly node: Node
  readonly events: TransportEvents
  readonly hello: Hello
  /** Whether a relay answers, which could introduce two who have lost each other. */
  hasRelay(): boolean
}

/**
 * Hello and events on direct connections. Nothing is said to a peer before hello, nothing at all over a circuit, and a connection
 * on which hello failed is closed. One hello and one session per connection.
 */
export class Direct {
  readonly #parts: DirectInit
  readonly #helloParts: HelloParts
  readonly #paths = new Paths()
  readonly #newcomers: Newcomers
  readonly #greeted = new WeakSet<Connection>()
  /** Contexts that hello has proved on a connection, until its events stream is there. */
  readonly #proved = new WeakMap<Connection, string>()
  readonly #over = new WeakSet<Connection>()
  #hellos = 0

  constructor(parts: DirectInit) {
    const { init, node, gate, hello } = parts
    this.#parts = parts
    this.#helloParts = { hello, clock: init.clock, self: node.peerId.toString() }
    this.#newcomers = new Newcomers(init.clock, (peer) => gate.isExpected(peer))
  }

  /** Begins to listen; before the node is started, so that nobody is missed. */
  async register(): Promise<void> {
    const { node } = this.#parts
    node.addEventListener('connection:open', ({ detail }) => {
      if (detail.direction === 'inbound' && isDirect(detail)) this.#newcomers.watch(detail)
    })
    await node.handle(HELLO_PROTOCOL, (stream, connection) => this.#onHello(stream, connection), {
      maxInboundStreams: 1,
    })
    await node.handle(EVENTS_PROTOCOL, (stream, connection) => this.#onEvents(stream, connection), {
      maxInboundStreams: 1,
    })
  }

  get isFull(): boolean {
    return this.#paths.size >= MAX_DIRECT_CONNECTIONS
  }

  find(context: string, peer: string): DirectSession | undefined {
    return this.#paths.find(context, peer)?.session
  }

  /** A connection from that peer which may still become a session: settles when that is known. */
  incoming(peer: string): Promise<void> | undefined {
    return this.#newcomers.from(peer)
  }

  /** Whether that connection has had its session, or lost to another one, and is on its way out. */
  isOver(connection: Connection): boolean {
    return this.#over.has(connection)
  }

  /** The dialler's side, on a connection that we have made: hello, then the events stream. Closes the connection when refused. */
  async open(connection: Connection, context: string): Promise<DirectSession | undefined> {
    try {
      if (await sayHello(this.#helloParts, connection, context)) {
        const stream = await connection.newStream(EVENTS_PROTOCOL, { signal: AbortSignal.timeout(HELLO_MS) })
        return this.#begin(stream, connection, context, this.#helloParts.self)
      }
    } catch {
      // As good as refused.
    }
    abortConnection(connection, 'hello refused')
    return undefined
  }

  stop(): void {
    this.#newcomers.stop()
    this.#paths.closeAll()
  }

  async #onHello(stream: Stream, connection: Connection): Promise<void> {
    const limit = this.#parts.gate.isExpected(connection.remotePeer.toString()) ? MAX_HELLOS : MAX_HELLOS_OF_STRANGERS
    const isRepeated = this.#greeted.has(connection)
    if (!isDirect(connection) || isRepeated) return stream.abort(new Error('no hello here'))
    this.#greeted.add(connection)
    if (this.isFull || this.#hellos >= limit) return this.#refuse(stream, connection, 'busy')
    this.#hellos += 1
    try {
      const context = await answerHello(this.#helloParts, stream, connection)
      if (context === undefined) return this.#refuse(stream, connection, 'no proof')
      this.#proved.set(connection, context)
    } finally {
      this.#hellos -= 1
    }
  }

  /** Whoever cannot prove to be a member learns nothing and goes. */
  #refuse(stream: Stream, connection: Connection, reason: 'busy' | 'no proof'): void {
    const { metrics, logger } = this.#parts.init
    metrics?.count('hello_refused', { reason })
    logger.debug('hello refused', { reason })
    stream.abort(new Error('hello refused'))
    abortConnection(connection, 'hello refused')
  }

  #onEvents(stream: Stream, connection: Connection): void {
    const context = this.#proved.get(connection)
    if (context === undefined) return stream.abort(new Error('hello first'))
    this.#proved.delete(connection)
    this.#begin(stream, connection, context, connection.remotePeer.toString())
  }

  /** The session that is used from now on: on this stream, or the one that was there and stays. */
  #begin(stream: Stream, connection: Connection, context: string, dialler: string): DirectSession {
    const { init, gate, events, hasRelay } = this.#parts
    const peer = connection.remotePeer.toString()
    const next = { dialler, beganAt: init.clock.monotonic() }
    const there = this.#paths.find(context, peer)
    if (there !== undefined && !replaces(next, there)) {
      stream.abort(new Error('connected already'))
      this.#close(connection)
      return there.session
    }
    const session = new EventsSession({
      context,
      peer,
      path: pathFacts(connection),
      frames: openFrames(stream, { maxFrame: MAX_EVENTS_FRAME_BYTES }),
      onEnvelope: (of, envelope) => events.onEnvelope(of, envelope),
      onEnd: (of) => {
        this.#paths.remove(of)
        this.#close(connection)
        events.onSessionEnd(of)
      },
      onFault: () => init.metrics?.count('events_faults'),
      now: () => init.clock.monotonic(),
    })
    this.#paths.add({ session, ...next })
    this.#newcomers.settle(connection)
    gate.prove(connection)
    this.#closeCircuits(connection)
    events.onSession(session)
    session.listen()
    watchLiveness({
      clock: init.clock,
      connection,
      stream,
      quietMs: QUIET_MS,
      answerMs: ANSWER_MS,
      isReplaceable: hasRelay,
      onBorne: () => init.metrics?.count('silences_borne'),
      onDead: () => abortConnection(connection, 'the peer is silent'),
    })
    there?.session.close()
    return session
  }

  /** The circuit has carried the signalling, which is all that it was for. */
  #closeCircuits({ remotePeer }: Connection): void {
    for (const connection of this.#parts.node.getConnections(remotePeer)) {
      if (!isDirect(connection)) this.#close(connection)
    }
  }

  #close(connection: Connection): void {
    this.#over.add(connection)
    void connection.close().catch(() => abortConnection(connection, 'did not close'))
  }
}
