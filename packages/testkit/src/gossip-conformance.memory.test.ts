import type { TransportEvents } from '@sotto/interface'
import { test } from 'vitest'

import { virtualClock } from './clock.ts'
import { gossipConformance, type GossipPeer, type GossipPlace } from './gossip-conformance.ts'
import { MemoryNetwork } from './network/memory-network.ts'

/** Everybody is let in: what hello proves is no matter of topics. */
const hello = {
  dial: () => new Uint8Array(),
  accept: () => ({ context: 'talk', reply: new Uint8Array() }),
  confirm: () => true,
}

for (const { name, run } of gossipConformance('memory', makePlace)) test(name, run)

async function makePlace(): Promise<GossipPlace> {
  const network = new MemoryNetwork(virtualClock())
  return {
    async peer() {
      const transport = network.transport()
      const peer: GossipPeer = { transport, heard: [], hold: Promise.resolve() }
      await transport.start(notes(peer), hello)
      return peer
    },
    async connect(from, to) {
      to.transport.expect(from.transport.peerId, Number.POSITIVE_INFINITY)
      await from.transport.dial(to.transport.peerId, [], 'talk')
    },
    dispose: () => Promise.resolve(),
  }
}

function notes(peer: GossipPeer): TransportEvents {
  const nothing = (): void => undefined
  return {
    onEnvelope: () => Promise.resolve(true),
    async onGossip(topic, envelope) {
      await peer.hold
      peer.heard.push({ topic, envelope })
    },
    onSession: nothing,
    onSessionEnd: nothing,
    onMail: nothing,
    onSignal: nothing,
    onRelay: nothing,
    onAddresses: nothing,
  }
}
