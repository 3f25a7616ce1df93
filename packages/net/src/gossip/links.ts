import type { Connection, Stream, Topology } from '@libp2p/interface'
import type { GossipSubComponents } from '@libp2p/gossipsub'

import type { Gate } from '../gate.ts'
import { isDirect } from '../path-facts.ts'
import type { Node } from '../platform.ts'

/** Opening a stream takes a round trip. */
const OPEN_MS = 5_000

type Registrar = GossipSubComponents['registrar']

/** A stream each way between us and one peer of the topic. Both live or none. */
interface Link {
  readonly connection: Connection
  readonly outbound: Promise<Stream>
  inbound: Stream | undefined
  /** Whether gossipsub has been told of it. */
  isKnown: boolean
}

export interface LinksInit {
  readonly node: Node
  readonly gate: Gate
  readonly protocol: string
  /** Whether that peer has sent things that it must not. */
  isBarred(peer: string): boolean
  /** That peer is about to be forgotten. */
  onDrop(peer: string): void
}

/**
 * Whom a topic's gossipsub knows: the peers that were named, while they are connected directly and past hello. In the place of libp2p's registrar, which
 * would tell it of every connection.
 */
export class Links {
  readonly #init: LinksInit
  readonly #links = new Map<string, Link>()
  #peers: ReadonlySet<string> = new Set()
  #topology: Topology | undefined

  constructor(init: LinksInit) {
    this.#init = init
  }

  /** What gossipsub gets to see of libp2p. */
  get registrar(): Partial<Registrar> {
    const { node, protocol } = this.#init
    return {
      handle: (_protocol, handler) =>
        node.handle(protocol, (stream, connection) => this.#onStream(stream, connection, handler), {
          // A second one takes the place of the first.
          maxInboundStreams: 2,
        }),
      unhandle: () => node.unhandle(protocol),
      register: (_protocol, topology) => {
        this.#topology = topology
        return Promise.resolve(protocol)
      },
      unregister: () => (this.#topology = undefined),
      getTopologies: () => [],
    }
  }

  get isForNobody(): boolean {
    return this.#peers.size === 0
  }

  set(peers: readonly string[]): void {
    this.#peers = new Set(peers)
    for (const peer of this.#links.keys()) if (!this.#peers.has(peer)) this.#drop(peer)
    this.refresh()
  }

  /** Connects to whoever of them can be reached and is not yet. */
  refresh(): void {
    if (this.#topology === undefined) return
    for (const connection of this.#init.node.getConnections()) {
      const peer = connection.remotePeer.toString()
      if (this.#links.has(peer) || !this.#mayLink(peer, connection)) continue
      const link = this.#open(peer, connection)
      void link.outbound.then(
        () => {
          if (this.#links.get(peer) !== link) return
          link.isKnown = true
          void this.#topology?.onConnect?.(connection.remotePeer, view(link))
        },
        () => undefined,
      )
    }
  }

  /** Ends what gossipsub has given up without a word, since it could not read it. */
  keep(known: ReadonlySet<string>): void {
    for (const [peer, link] of this.#links) if (link.isKnown && !known.has(peer)) this.#drop(peer)
  }

  /** Ends everything at once: a stream that is only closed could still be read from. */
  close(): void {
    this.#peers = new Set()
    for (const peer of this.#links.keys()) this.#drop(peer)
  }

  #mayLink(peer: string, connection: Connection): boolean {
    const { gate, isBarred } = this.#init
    const isUsable = connection.status === 'open' && isDirect(connection) && gate.isProved(connection)
    return isUsable && this.#peers.has(peer) && !isBarred(peer)
  }

  /** Our stream to that peer. Its end is the link's. */
  #open(peer: string, connection: Connection): Link {
    const outbound = connection.newStream(this.#init.protocol, { signal: AbortSignal.timeout(OPEN_MS) })
    const link: Link = { connection, outbound, inbound: undefined, isKnown: false }
    this.#links.set(peer, link)
    outbound.then(
      (stream) => this.#endsWith(stream, peer, link),
      () => this.#dropLink(peer, link),
    )
    return link
  }

  async #onStream(stream: Stream, connection: Connection, handler: Parameters<Registrar['handle']>[1]): Promise<void> {
    const peer = connection.remotePeer.toString()
    if (!this.#mayLink(peer, connection)) return stream.abort(new Error('not in this topic'))
    const link = this.#links.get(peer) ?? this.#open(peer, connection)
    const before = link.inbound
    link.inbound = stream
    before?.abort(new Error('another one came'))
    this.#endsWith(stream, peer, link)
    try {
      await link.outbound
    } catch {
      return stream.abort(new Error('no stream back'))
    }
    if (link.inbound !== stream || this.#links.get(peer) !== link) return
    link.isKnown = true
    await handler(stream, view(link))
  }

  #endsWith(stream: Stream, peer: string, link: Link): void {
    const onClose = (): void => {
      // One that was replaced ends alone.
      if (stream.direction === 'outbound' || link.inbound === stream) this.#dropLink(peer, link)
    }
    if (stream.status === 'open') stream.addEventListener('close', onClose)
    else onClose()
  }

  #dropLink(peer: string, link: Link): void {
    if (this.#links.get(peer) === link) this.#drop(peer)
  }

  #drop(peer: string): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    this.#links.delete(peer)
    this.#init.onDrop(peer)
    void this.#topology?.onDisconnect?.(link.connection.remotePeer)
    link.inbound?.abort(new Error('no longer in this topic'))
    link.outbound.then(
      (stream) => stream.abort(new Error('no longer in this topic')),
      () => undefined,
    )
  }
}

/** The connection as gossipsub sees it: with the one stream that it is to write to. */
function view({ connection, outbound }: Link): Connection {
  const { remotePeer, remoteAddr, direction } = connection
  // It uses nothing else of a connection.
  return { remotePeer, remoteAddr, direction, status: 'open', newStream: () => outbound } as unknown as Connection
}
