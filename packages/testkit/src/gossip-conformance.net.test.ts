import { nodeTransport } from '@sotto/net/node'
import type { Clock, DirectSession, Hello, Logger, TransportEvents } from '@sotto/interface'
import { test } from 'vitest'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { gossipConformance, type GossipPeer, type GossipPlace } from './gossip-conformance.ts'

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}
const logger: Logger = { debug() {}, info() {}, warn() {}, scope: () => logger }
/** Nothing is signed without a relay. */
const crypto = { ed25519: { publicKey: unused, sign: unused, verify: unused } }
/** Everybody is let in: what hello proves is no matter of topics. */
const hello: Hello = {
  dial: (context) => fromString(context),
  accept: (proof) => ({ context: toString(proof), reply: proof }),
  confirm: () => true,
}

for (const { name, run } of gossipConformance('libp2p', makePlace)) test(name, run)

async function makePlace(): Promise<GossipPlace> {
  const started: GossipPeer[] = []
  const sessions = new Map<GossipPeer, DirectSession[]>()
  return {
    async peer() {
      const transport = nodeTransport({ clock, crypto, logger, loopbackOnly: true, transports: ['tcp'] })
      const peer: GossipPeer = { transport, heard: [], hold: Promise.resolve() }
      const begun: DirectSession[] = []
      started.push(peer)
      sessions.set(peer, begun)
      await transport.start(notes(peer, begun), hello)
      return peer
    },
    async connect(from, to) {
      to.transport.expect(from.transport.peerId, Number.POSITIVE_INFINITY)
      const dialled = await from.transport.dial(to.transport.peerId, to.transport.addresses, 'talk')
      if (!dialled.ok) throw new Error(dialled.reason)
      const isThere = (): boolean => sessions.get(to)?.some(({ peer }) => peer === from.transport.peerId) === true
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 1))
    },
    async dispose() {
      await Promise.all(started.map(({ transport }) => transport.stop()))
    },
  }
}

function notes(peer: GossipPeer, begun: DirectSession[]): TransportEvents {
  const nothing = (): void => undefined
  return {
    onEnvelope: () => Promise.resolve(true),
    async onGossip(topic, envelope) {
      await peer.hold
      peer.heard.push({ topic, envelope })
    },
    onSession: (session) => void begun.push(session),
    onSessionEnd: nothing,
    onMail: nothing,
    onSignal: nothing,
    onRelay: nothing,
    onAddresses: nothing,
  }
}

function unused(): never {
  throw new Error('nothing is signed here')
}
