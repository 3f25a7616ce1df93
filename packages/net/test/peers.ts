import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import type { Address, Clock, Crypto, DirectSession, Hello, Logger, Transport, TransportEvents } from '@sotto/interface'
import { createLibp2p } from 'libp2p'
import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'

import { nodeTransport, type DirectTransport } from '../src/node/index.ts'

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

const silent: Logger = { debug() {}, info() {}, warn() {}, scope: () => silent }

/** Direct paths need no signatures of mailboxes. */
const noCrypto: Crypto = {
  ed25519: { publicKey: () => new Uint8Array(32), sign: () => new Uint8Array(64), verify: () => false },
}

/** A hello that knows one word: whoever says it, on its own connection, is let in. */
export function wordHello(word: string): Hello {
  const proof = (role: string, peers: { dialler: string; listener: string }): Uint8Array =>
    fromString(`${word} ${role} ${peers.dialler} ${peers.listener}`)
  return {
    dial: (_context, peers) => proof('dialler', peers),
    accept: (bytes, peers) =>
      equals(bytes, proof('dialler', peers)) ? { context: 'talk', reply: proof('listener', peers) } : undefined,
    confirm: (_context, reply, peers) => equals(reply, proof('listener', peers)),
  }
}

/** A started transport and what happened to it. */
export interface Peer {
  readonly transport: Transport
  readonly sessions: DirectSession[]
  readonly ended: DirectSession[]
  readonly received: Uint8Array[]
  /** What `onEnvelope` answers; may wait. */
  answer: () => Promise<boolean>
}

export async function startPeer(
  about: { word?: string; transports?: readonly DirectTransport[]; relay?: Address } = {},
): Promise<Peer> {
  const { word = 'friend', transports = ['tcp'], relay } = about
  const transport = nodeTransport({ clock, crypto: noCrypto, logger: silent, loopbackOnly: true, transports })
  const peer: Peer = {
    transport,
    sessions: [],
    ended: [],
    received: [],
    answer: () => Promise.resolve(true),
  }
  const events: TransportEvents = {
    onEnvelope: async (_session, envelope) => {
      peer.received.push(envelope)
      return peer.answer()
    },
    onSession: (session) => void peer.sessions.push(session),
    onSessionEnd: (session) => void peer.ended.push(session),
    onMail: () => undefined,
    onSignal: () => undefined,
    onRelay: () => undefined,
    onAddresses: () => undefined,
  }
  await transport.start(events, wordHello(word))
  if (relay !== undefined) {
    transport.relay(relay)
    await until(() => transport.addresses.some((address) => address.includes('/webrtc/')))
  }
  return peer
}

/** A circuit relay without mailboxes. */
export async function startCircuitRelay(): Promise<{ node: Libp2p; address: Address }> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: Number.POSITIVE_INFINITY },
    services: { identify: identify(), relay: circuitRelayServer() },
  })
  const [address] = node.getMultiaddrs()
  if (address === undefined) throw new Error('the relay does not listen')
  return { node, address: address.toString() as Address }
}

/** Waits for a fact, up to 15 s. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  const end = performance.now() + 15_000
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`waited in vain for ${look.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
