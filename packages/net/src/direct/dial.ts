import type { Connection } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Address } from '@sotto/interface'

import { abortConnection } from '../abort-connection.ts'
import type { DirectTransport } from '../init.ts'
import { isDirect } from '../path-facts.ts'
import type { Node } from '../platform.ts'

const SOCKET_DIAL_MS = 4_000
/** A WebRTC dial that hangs is not through by then; the second one may be on a slow network. */
const WEBRTC_DIAL_MS: readonly number[] = [3_000, 8_000]
const ORDER: readonly DirectTransport[] = ['tcp', 'ws', 'webrtc']
/** Before the second try: the other side may be about to learn that we come. */
const PAUSE_MS = 400
/** What a path offer may hold. */
const MAX_ADDRESSES = 8

interface Attempt {
  readonly kind: DirectTransport
  readonly address: Multiaddr
  /** Milliseconds for each try. */
  readonly tries: readonly number[]
}

export interface DialInit {
  readonly transports: readonly DirectTransport[]
  readonly signal: AbortSignal | undefined
  /** Whether that connection is being closed, which libp2p does not tell. */
  isOver(connection: Connection): boolean
  pause(ms: number): Promise<void>
}

/** A new direct connection to that peer by the first address that works, or why there is none. */
export async function dialDirect(
  node: Node,
  peer: string,
  addresses: readonly Address[],
  about: DialInit,
): Promise<Connection | 'unreachable' | 'not-direct'> {
  let sawRelayed = false
  for (const { address, tries } of plan(peer, addresses, about.transports)) {
    for (const [index, ms] of tries.entries()) {
      if (index > 0) await about.pause(PAUSE_MS)
      if (about.signal?.aborted === true) return 'unreachable'
      clearWay(node, peer, about)
      const connection = await attempt(node, address, ms, about.signal)
      if (connection !== undefined && isDirect(connection)) return connection
      sawRelayed ||= connection !== undefined
    }
  }
  clearWay(node, peer, about)
  return sawRelayed ? 'not-direct' : 'unreachable'
}

/** libp2p would signal over whatever connection there is: one that is closing, or a circuit whose relay is gone. */
function clearWay(node: Node, peer: string, { isOver }: DialInit): void {
  for (const connection of node.getConnections()) {
    if (connection.remotePeer.toString() !== peer) continue
    if (isOver(connection) || !isDirect(connection)) abortConnection(connection, 'no direct connection')
  }
}

/** TCP first, then WebSocket, then WebRTC over each circuit; nothing that leads to somebody else. */
function plan(peer: string, addresses: readonly Address[], transports: readonly DirectTransport[]): Attempt[] {
  return addresses
    .filter((text) => text.endsWith(`/p2p/${peer}`))
    .slice(0, MAX_ADDRESSES)
    .flatMap((text) => {
      const kind = kindOf(text)
      const address = parsed(text)
      if (kind === undefined || address === undefined || !transports.includes(kind)) return []
      return [{ kind, address, tries: kind === 'webrtc' ? WEBRTC_DIAL_MS : [SOCKET_DIAL_MS] }]
    })
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/** How an address leads to the peer; undefined for a bare circuit, which carries no messages. */
export function kindOf(address: string): DirectTransport | undefined {
  if (address.includes('/webrtc/')) return 'webrtc'
  if (address.includes('/p2p-circuit')) return undefined
  return /\/wss?\//.test(address) ? 'ws' : address.includes('/tcp/') ? 'tcp' : undefined
}

function parsed(text: string): Multiaddr | undefined {
  try {
    return multiaddr(text)
  } catch {
    return undefined
  }
}

async function attempt(
  node: Node,
  address: Multiaddr,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<Connection | undefined> {
  const limit = AbortSignal.timeout(ms)
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
  try {
    // Each session has a connection of its own.
    return await node.dial(address, { signal: either, force: true })
  } catch {
    return undefined
  }
}
