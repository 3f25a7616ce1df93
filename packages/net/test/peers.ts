import type { Address, DirectSession, Hello, Relay, Transport, TransportEvents } from '@sotto/interface'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { nodeTransport, type TransportInit } from '../src/node/index.ts'
import { clock, silent } from './clock.ts'
import { crypto } from './crypto.ts'

/** What the dialler says to a peer that knows `word`. */
export function wordProof(word: string, context: string, peers: { dialler: string; listener: string }): Uint8Array {
  return fromString(`${word} ${context} dialler ${peers.dialler} ${peers.listener}`)
}

/** A hello that knows one word: whoever says it, on its own connection, is let in. */
export function wordHello(word: string): Hello {
  const reply = (context: string, peers: { dialler: string; listener: string }): string =>
    `${word} ${context} listener ${peers.dialler} ${peers.listener}`
  return {
    dial: (context, peers) => wordProof(word, context, peers),
    accept: (bytes, peers) => {
      const context = toString(bytes).split(' ')[1] ?? ''
      const isTrue = toString(bytes) === toString(wordProof(word, context, peers))
      return isTrue ? { context, reply: fromString(reply(context, peers)) } : undefined
    },
    confirm: (context, bytes, peers) => toString(bytes) === reply(context, peers),
  }
}

/** A started transport and what happened to it. */
export interface Peer {
  readonly transport: Transport
  readonly sessions: DirectSession[]
  readonly ended: DirectSession[]
  readonly received: Uint8Array[]
  readonly mail: string[]
  /** Whether the relay was reachable, at each `onRelay`. */
  readonly relays: { id: string; reachable: boolean; problem: string | undefined }[]
  /** What `onEnvelope` answers; may wait. */
  answer: () => Promise<boolean>
  /** Starts the stopped transport again. */
  restart(): Promise<void>
}

export interface PeerInit extends Partial<TransportInit> {
  readonly word?: string
  readonly hello?: Hello
  /** Waits until others can reach the peer through all of them. */
  readonly through?: readonly Address[]
  readonly events?: Partial<TransportEvents>
}

export async function startPeer(about: PeerInit = {}): Promise<Peer> {
  const { word = 'friend', hello = wordHello(word), through = [], events = {}, ...init } = about
  const transport = nodeTransport({
    clock,
    crypto,
    logger: silent,
    loopbackOnly: true,
    transports: through.length > 0 ? ['webrtc'] : ['tcp'],
    ...init,
  })
  const peer: Peer = {
    transport,
    sessions: [],
    ended: [],
    received: [],
    mail: [],
    relays: [],
    answer: () => Promise.resolve(true),
    restart: () => transport.start({ ...notes(peer), ...events }, hello),
  }
  await peer.restart()
  for (const relay of through) transport.relay(relay)
  await until(() => circuitsOf(transport).length >= through.length)
  return peer
}

function notes(peer: Peer): TransportEvents {
  return {
    onEnvelope: async (_session, envelope) => {
      peer.received.push(envelope)
      return peer.answer()
    },
    onSession: (session) => void peer.sessions.push(session),
    onSessionEnd: (session) => void peer.ended.push(session),
    onMail: (_relay, mailbox) => void peer.mail.push(mailbox),
    onSignal: () => undefined,
    onRelay: ({ id, reachable, problem }: Relay) => void peer.relays.push({ id, reachable, problem }),
    onAddresses: () => undefined,
  }
}

export function circuitsOf(transport: Transport): Address[] {
  return transport.addresses.filter((address) => address.includes('/p2p-circuit/'))
}

/** Sessions that have begun and not ended. */
export function live(peer: Peer): DirectSession[] {
  return peer.sessions.filter((session) => !peer.ended.includes(session))
}

export async function connect(from: Peer, to: Peer, context = 'talk'): Promise<DirectSession> {
  const { peerId, addresses } = to.transport
  to.transport.expect(from.transport.peerId, Date.now() + 60_000)
  const dialled = await from.transport.dial(peerId, addresses, context)
  if (!dialled.ok) throw new Error(dialled.reason)
  return dialled.value
}

/** Waits for a fact, up to 30 s. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`waited in vain for ${look.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
