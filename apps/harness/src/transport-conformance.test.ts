import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Logger } from '@sotto/interface'
import { nodeTransport } from '@sotto/net/node'
import { createRelay, nodeClock, nodeCrypto } from '@sotto/relay'
import { newPeer, peerNotes, transportConformance, wordHello, type NetPeer, type NetPlace } from '@sotto/testkit'
import { test } from 'vitest'

// Here, since this is the one room that knows the network as clients have it and a relay with its disk. The double of both: in the testkit.

const logger: Logger = { debug() {}, info() {}, warn() {}, scope: () => logger }

for (const { name, run } of transportConformance('libp2p and a relay', makePlace)) test(name, run)

async function makePlace(): Promise<NetPlace> {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'))
  let relay = await createRelay({ directory, port: 0, logger })
  const [address] = relay.addresses
  const port = Number(address?.split('/')[4])
  const started: NetPeer[] = []
  return {
    relay: address as Address,
    now: Math.floor(nodeClock.now() / 1000),
    async peer(word = 'friend') {
      const init = { clock: nodeClock, crypto: nodeCrypto, logger, loopbackOnly: true, transports: ['tcp'] } as const
      const peer = newPeer(nodeTransport(init))
      started.push(peer)
      await peer.transport.start(peerNotes(peer), wordHello(word))
      return peer
    },
    async key(mark) {
      const seed = new Uint8Array(32).fill(mark)
      return { seed, publicKey: await nodeCrypto.ed25519.publicKey(seed) }
    },
    async setRelay(isUp) {
      if (isUp) relay = await createRelay({ directory, port, logger })
      else await relay.stop()
    },
    async dispose() {
      await Promise.all(started.map(({ transport }) => transport.stop()))
      await relay.stop()
      rmSync(directory, { recursive: true })
    },
  }
}
