import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Address } from '@sotto/interface'

import type { DirectTransport } from '../init.ts'
import { isDirect } from './direct.ts'

const DIAL_MS = 8_000
/** A WebRTC dial that is not through by then hangs; a second one goes through. */
const WEBRTC_MS = 4_000

/** A direct connection to that peer by the first address that works, or why there is none. */
export async function dialDirect(
  node: Libp2p,
  peer: string,
  addresses: readonly Address[],
  about: { transports: readonly DirectTransport[]; signal: AbortSignal | undefined },
): Promise<Connection | 'unreachable' | 'not-direct'> {
  const open = openTo(node, peer)
  if (open !== undefined) return open
  let sawRelayed = false
  for (const { address, timeout, tries } of plan(addresses, about.transports)) {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (about.signal?.aborted === true) return 'unreachable'
      const connection = await attemptDial(node, address, timeout, about.signal)
      if (connection === undefined) continue
      if (isDirect(connection)) return connection
      sawRelayed = true
    }
  }
  return sawRelayed ? 'not-direct' : 'unreachable'
}

/** TCP first, then WebSocket, then WebRTC over each circuit. */
function plan(
  addresses: readonly Address[],
  transports: readonly DirectTransport[],
): { address: Multiaddr; timeout: number; tries: number }[] {
  const order: readonly DirectTransport[] = ['tcp', 'ws', 'webrtc']
  return addresses
    .flatMap((text) => {
      const kind = kindOf(text)
      if (kind === undefined || !transports.includes(kind)) return []
      const isWebRtc = kind === 'webrtc'
      return [{ kind, address: multiaddr(text), timeout: isWebRtc ? WEBRTC_MS : DIAL_MS, tries: isWebRtc ? 2 : 1 }]
    })
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

/** How an address leads to the peer; undefined for a bare circuit, which carries no messages. */
export function kindOf(address: string): DirectTransport | undefined {
  if (address.includes('/webrtc/')) return 'webrtc'
  if (address.includes('/p2p-circuit')) return undefined
  return /\/wss?\//.test(address) ? 'ws' : address.includes('/tcp/') ? 'tcp' : undefined
}

async function attemptDial(
  node: Libp2p,
  address: Multiaddr,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Connection | undefined> {
  const limit = AbortSignal.timeout(timeout)
  try {
    return await node.dial(address, { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) })
  } catch {
    return undefined
  }
}

function openTo(node: Libp2p, peer: string): Connection | undefined {
  try {
    return node.getConnections(peerIdFromString(peer)).find((connection) => isDirect(connection))
  } catch {
    return undefined // no PeerId at all
  }
}
