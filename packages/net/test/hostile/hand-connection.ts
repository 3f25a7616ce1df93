import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

export interface HandConnectionInit {
  readonly peer: PeerId
  /** A circuit, when false. */
  readonly direct?: boolean
  readonly direction?: 'inbound' | 'outbound'
  /** What a stream that we open is. */
  newStream?(protocol: string): Stream
}

/** A connection with nothing under it: as much of libp2p's as handlers of streams look at. */
export class HandConnection extends EventTarget {
  readonly remotePeer: PeerId
  readonly remoteAddr: ReturnType<typeof multiaddr>
  readonly direct: boolean
  readonly limits = undefined
  readonly direction: 'inbound' | 'outbound'
  readonly multiplexer = '/yamux/1.0.0'
  readonly encryption = '/noise'
  readonly #newStream: HandConnectionInit['newStream']
  status: 'open' | 'closed' = 'open'

  constructor({ peer, direct = true, direction = 'inbound', newStream }: HandConnectionInit) {
    super()
    this.remotePeer = peer
    this.direct = direct
    this.direction = direction
    this.remoteAddr = multiaddr(`/ip4/127.0.0.1/tcp/1${direct ? '' : '/p2p-circuit'}`)
    this.#newStream = newStream
  }

  /** As libp2p's. A cast, since handlers use no more of it than is here. */
  get asConnection(): Connection {
    return this as unknown as Connection
  }

  abort(): void {
    if (this.status === 'closed') return
    this.status = 'closed'
    this.dispatchEvent(new Event('close'))
  }

  async close(): Promise<void> {
    this.abort()
  }

  async newStream(protocol: string): Promise<Stream> {
    if (this.#newStream === undefined || this.status === 'closed') throw new Error('no streams here')
    return this.#newStream(protocol)
  }
}

export async function somePeer(): Promise<PeerId> {
  return (await createLibp2p({ start: false })).peerId
}
