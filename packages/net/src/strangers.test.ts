import { multiaddr } from '@multiformats/multiaddr'
import { EVENTS_PROTOCOL, HELLO_PROTOCOL } from '@sotto/wire'
import { afterEach, expect, test } from 'vitest'

import { circuitsOf, connect, startPeer, until, wordProof } from '../test/peers.ts'
import { startRelay } from '../test/relay.ts'
import { ask, dialSocket, prefixed, startStranger } from '../test/stranger.ts'

const running: { stop(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop()
})

function kept<T>(one: T, stop: { stop(): void | Promise<void> }): T {
  running.push(stop)
  return one
}

const PROTOCOLS = [
  '/ipfs/id/1.0.0',
  '/ipfs/id/push/1.0.0',
  '/ipfs/ping/1.0.0',
  '/libp2p/circuit/relay/0.2.0/stop',
  '/libp2p/circuit/relay/0.2.0/hop',
  '/webrtc-signaling/0.0.1',
  '/sotto/mailbox/1',
  EVENTS_PROTOCOL,
]

test('a stranger who connects is served no protocol at all: no ping, no identify, no signalling, no events', async () => {
  const peer = await startPeer({ transports: ['tcp', 'webrtc'] })
  kept(peer, peer.transport)
  const stranger = await startStranger()
  kept(stranger, stranger)
  const connection = await dialSocket(stranger, peer.transport.addresses)
  for (const protocol of PROTOCOLS) {
    expect([protocol, await ask(connection, protocol, new Uint8Array(32))]).toEqual([protocol, undefined])
  }
})

test('hello is answered once on a connection; said again, or by the listener, it is not', async () => {
  const peer = await startPeer()
  kept(peer, peer.transport)
  const stranger = await startStranger()
  kept(stranger, stranger)
  const peers = { dialler: stranger.peerId.toString(), listener: peer.transport.peerId }
  const connection = await dialSocket(stranger, peer.transport.addresses)
  const proof = prefixed(wordProof('friend', 'talk', peers))
  expect(await ask(connection, HELLO_PROTOCOL, proof)).toBeInstanceOf(Uint8Array)
  expect(await ask(connection, HELLO_PROTOCOL, proof)).toBeUndefined()
  // Made for another connection.
  const replayed = prefixed(wordProof('friend', 'talk', { ...peers, dialler: peer.transport.peerId }))
  expect(
    await ask(await dialSocket(stranger, peer.transport.addresses, true), HELLO_PROTOCOL, replayed),
  ).toBeUndefined()
})

test('a relay can say nothing over the connection that we have made to it', async () => {
  const { node, address } = await startRelay()
  kept(node, node)
  const peer = await startPeer({ through: [address], transports: ['tcp', 'webrtc'] })
  kept(peer, peer.transport)
  const connection = await until(() => node.getConnections()[0])
  const peers = { dialler: node.peerId.toString(), listener: peer.transport.peerId }
  expect(await ask(connection, HELLO_PROTOCOL, prefixed(wordProof('friend', 'talk', peers)))).toBeUndefined()
  expect(await ask(connection, '/ipfs/ping/1.0.0', new Uint8Array(32))).toBeInstanceOf(Uint8Array)
})

test('over a circuit nothing but signalling runs, not even for an announced peer with a true proof', async () => {
  const { node, address } = await startRelay({ unlimited: true })
  kept(node, node)
  const peer = await startPeer({ through: [address] })
  kept(peer, peer.transport)
  const stranger = await startStranger()
  kept(stranger, stranger)
  peer.transport.expect(stranger.peerId.toString(), Date.now() + 60_000)
  const circuit = circuitsOf(peer.transport)[0]?.replace('/webrtc', '') ?? ''
  const connection = await stranger.dial(multiaddr(circuit))
  expect(connection.direct).toBe(false)
  expect(connection.limits).toBeUndefined()
  const peers = { dialler: stranger.peerId.toString(), listener: peer.transport.peerId }
  const proof = prefixed(wordProof('friend', 'talk', peers))
  expect(await ask(connection, HELLO_PROTOCOL, proof)).toBeUndefined()
  for (const protocol of PROTOCOLS.filter((name) => !name.includes('webrtc'))) {
    expect([protocol, await ask(connection, protocol, new Uint8Array(32))]).toEqual([protocol, undefined])
  }
  expect(peer.sessions).toEqual([])
})

test('a circuit by way of a stranger that plays the relay is not taken', async () => {
  const { node, address } = await startRelay()
  kept(node, node)
  const peer = await startPeer({ transports: ['tcp', 'webrtc'], through: [address] })
  kept(peer, peer.transport)
  const before = peer.transport.addresses
  const stranger = await startStranger()
  kept(stranger, stranger)
  const connection = await dialSocket(stranger, before)
  // The stop message of a relay: CONNECT.
  expect(await ask(connection, '/libp2p/circuit/relay/0.2.0/stop', prefixed(Uint8Array.of(8, 0)))).toBeUndefined()
  expect(peer.transport.addresses).toEqual(before)
})

test('strangers that fill the hello slots keep no announced peer out', async () => {
  const peer = await startPeer()
  kept(peer, peer.transport)
  const stranger = await startStranger()
  kept(stranger, stranger)
  const silent = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const connection = await dialSocket(stranger, peer.transport.addresses, true)
      // Says nothing: the slot is taken until the listener's patience ends.
      return connection.newStream(HELLO_PROTOCOL).catch(() => undefined)
    }),
  )
  expect(silent).toHaveLength(12)
  const friend = await startPeer()
  kept(friend, friend.transport)
  expect(await (await connect(friend, peer)).send(Uint8Array.of(1))).toBe(true)
})
