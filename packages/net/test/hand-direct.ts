import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { encodeEventsFrame, EVENTS_PROTOCOL, HELLO_PROTOCOL } from '@sotto/wire'
import { toString } from 'uint8arrays/to-string'

import { Direct } from '../src/direct/direct.ts'
import { Gate } from '../src/gate.ts'
import type { Node } from '../src/platform.ts'
import { claimHello, claimInit, claimReply } from './claims.ts'
import { clock, silent } from './clock.ts'
import { crypto } from './crypto.ts'
import { framed, HandConnection, HandStream, somePeer, unframed, type RawLine } from './hostile/index.ts'

type Handler = (stream: Stream, connection: Connection) => unknown

const WORD = 'friend'
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b)

/** A line is over when either is. */
function lineOf(stream: HandStream, connection: HandConnection): RawLine {
  return {
    deliver: (bytes) => stream.deliver(framed(bytes)),
    raw: (bytes) => stream.deliver(bytes),
    get isOver() {
      return stream.isOver || connection.status === 'closed'
    },
    end() {
      stream.end()
      connection.abort()
    },
  }
}

/** The handlers of hello and events as they stand in a node, with connections in the test's hand. */
export class HandDirect {
  readonly direct: Direct
  readonly received: string[] = []
  readonly attacker: PeerId
  readonly self: PeerId
  readonly #friend: PeerId
  readonly #handlers = new Map<string, Handler>()
  #honest: { stream: HandStream; sent: number } | undefined

  private constructor(self: PeerId, attacker: PeerId, friend: PeerId) {
    this.self = self
    this.attacker = attacker
    this.#friend = friend
    const node = {
      peerId: self,
      addEventListener: () => undefined,
      getConnections: () => [],
      handle: (protocol: string, handler: Handler) => void this.#handlers.set(protocol, handler),
    }
    this.direct = new Direct({
      init: { clock, crypto, logger: silent },
      gate: new Gate(clock),
      // All that is asked of a node here.
      node: node as unknown as Node,
      hello: claimHello(WORD),
      hasRelay: () => true,
      events: {
        onEnvelope: async (_session, envelope) => {
          this.received.push(toString(envelope))
          return true
        },
        onSession: () => undefined,
        onSessionEnd: () => undefined,
        onMail: () => undefined,
        onSignal: () => undefined,
        onRelay: () => undefined,
        onAddresses: () => undefined,
      },
    })
  }

  static async start(): Promise<HandDirect> {
    const [self, attacker, friend] = [await somePeer(), await somePeer(), await somePeer()]
    const hand = new HandDirect(self, attacker, friend)
    await hand.direct.register()
    return hand
  }

  /** A stream on which the attacker may say hello. */
  helloLine(): RawLine {
    const connection = new HandConnection({ peer: this.attacker })
    return lineOf(this.#opened(HELLO_PROTOCOL, connection), connection)
  }

  /** Our own dial, whose hello the attacker may answer. */
  replyLine(): RawLine {
    const stream = new HandStream(HELLO_PROTOCOL)
    const connection = new HandConnection({ peer: this.attacker, direction: 'outbound', newStream: () => stream })
    void this.direct.open(connection.asConnection, 'talk')
    return lineOf(stream, connection)
  }

  /** An events stream of an attacker who knows the word, as a contact does. */
  async eventsLine(): Promise<RawLine> {
    const { connection, stream } = await this.#admitted(this.attacker)
    return lineOf(stream, connection)
  }

  /** An events stream to a contact whom we have dialled, and who answered hello as he should. */
  async diallersLine(): Promise<RawLine> {
    const streams = [new HandStream(HELLO_PROTOCOL), new HandStream(EVENTS_PROTOCOL)] as const
    const newStream = (protocol: string): HandStream => streams[protocol === HELLO_PROTOCOL ? 0 : 1]
    const connection = new HandConnection({ peer: this.attacker, direction: 'outbound', newStream })
    const opening = this.direct.open(connection.asConnection, 'talk')
    const peers = { dialler: this.self.toString(), listener: this.attacker.toString() }
    streams[0].deliver(framed(claimReply(WORD, peers)))
    if ((await opening) === undefined) throw new Error('A true reply was refused.')
    return lineOf(streams[1], connection)
  }

  /** A friend says hello and then, on one stream that stays, one envelope a time, each of which must be taken and acknowledged. */
  async honest(): Promise<void> {
    const talk = (this.#honest ??= { stream: (await this.#admitted(this.#friend)).stream, sent: 0 })
    const { stream } = talk
    if (stream.isOver) throw new Error("The friend's stream was ended.")
    const number = (talk.sent += 1)
    const envelope = new Uint8Array(512).fill(number)
    stream.answers.length = 0
    stream.deliver(framed(encodeEventsFrame({ frame: { case: 'data', value: { number, envelope } } })))
    const ack = encodeEventsFrame({ frame: { case: 'ack', value: { number } } })
    await soon(() => unframed(stream.answers).some((answer) => sameBytes(answer, ack)))
    if (this.received.at(-1) !== toString(envelope)) throw new Error('Another envelope was taken.')
  }

  async #admitted(peer: PeerId): Promise<{ connection: HandConnection; stream: HandStream }> {
    const connection = new HandConnection({ peer })
    const peers = { dialler: peer.toString(), listener: this.self.toString() }
    const hello = this.#opened(HELLO_PROTOCOL, connection)
    hello.deliver(framed(claimInit(WORD, peers)))
    await soon(() => unframed(hello.answers).some((answer) => sameBytes(answer, claimReply(WORD, peers))))
    return { connection, stream: this.#opened(EVENTS_PROTOCOL, connection) }
  }

  #opened(protocol: string, connection: HandConnection): HandStream {
    const stream = new HandStream(protocol)
    const handler = this.#handlers.get(protocol)
    if (handler === undefined) throw new Error(`Nobody handles ${protocol}.`)
    // As libp2p does: what a handler's promise is rejected with ends the stream.
    void Promise.resolve(handler(stream, connection.asConnection)).catch((error: Error) => stream.abort(error))
    return stream
  }
}

async function soon(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 10_000) throw new Error('An honest message was not answered.')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
