import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import type { Address } from '@sotto/interface'
import { createLibp2p } from 'libp2p'

/** A libp2p node of its own making, which keeps to no protocol of ours. */
export async function startStranger(): Promise<Libp2p> {
  return createLibp2p({
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })
}

/** The connection that there is, or a `fresh` one. */
export async function dialSocket(node: Libp2p, addresses: readonly Address[], fresh = false): Promise<Connection> {
  const address = addresses.find((known) => !known.includes('/p2p-circuit/'))
  if (address === undefined) throw new Error('nobody listens')
  return node.dial(multiaddr(address), { force: fresh })
}

/** What the other side answers first on a new stream of that protocol, to `bytes`; undefined when it ends it instead. */
export async function ask(
  connection: Connection,
  protocol: string,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (connection.status !== 'open') throw new Error('nobody can be asked any more')
  let stream: Stream
  try {
    stream = await connection.newStream(protocol, { runOnLimitedConnection: true })
  } catch {
    return undefined
  }
  return new Promise((resolve) => {
    stream.addEventListener('message', ({ data }) => {
      resolve(data.subarray().slice())
      // So that it does not count as one of the streams that may be open at once.
      queueMicrotask(() => stream.abort(new Error('answered')))
    })
    stream.addEventListener('close', () => resolve(undefined))
    try {
      stream.send(bytes)
    } catch {
      resolve(undefined)
    }
  })
}

/** A frame as it stands on the stream. */
export function prefixed(frame: Uint8Array): Uint8Array {
  const prefix = frame.length < 128 ? [frame.length] : [(frame.length & 127) | 128, frame.length >> 7]
  return Uint8Array.from([...prefix, ...frame])
}
