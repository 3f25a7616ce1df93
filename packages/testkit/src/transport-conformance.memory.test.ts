import { test } from 'vitest'

import { virtualClock } from './clock.ts'
import { MemoryNetwork } from './network/memory-network.ts'
import { newPeer, peerNotes, wordHello } from './transport/peer-notes.ts'
import { transportConformance, type NetPlace } from './transport-conformance.ts'

for (const { name, run } of transportConformance('memory', makePlace)) test(name, run)

async function makePlace(): Promise<NetPlace> {
  const clock = virtualClock()
  const network = new MemoryNetwork(clock)
  const { address } = network.addRelay()
  return {
    relay: address,
    now: Math.floor(clock.now() / 1000),
    async peer(word = 'friend') {
      const peer = newPeer(network.transport())
      await peer.transport.start(peerNotes(peer), wordHello(word))
      return peer
    },
    key: (seed) => Promise.resolve({ seed: new Uint8Array(32).fill(seed), publicKey: new Uint8Array(32).fill(seed) }),
    setRelay: (isUp) => Promise.resolve(network.setRelay(address, isUp)),
    dispose: () => Promise.resolve(),
  }
}
