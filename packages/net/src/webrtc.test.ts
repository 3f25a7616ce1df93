import { afterEach, expect, test } from 'vitest'

import { circuitsOf, connect, live, startPeer, until, type Peer, type PeerInit } from '../test/peers.ts'
import { startRelay, type TestRelay } from '../test/relay.ts'

const peers: Peer[] = []
const relays: TestRelay[] = []
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.transport.stop()))
  await Promise.all(relays.splice(0).map(async ({ node }) => node.stop()))
})

async function relay(): Promise<TestRelay> {
  const started = await startRelay()
  relays.push(started)
  return started
}

async function peer(init: PeerInit): Promise<Peer> {
  const started = await startPeer(init)
  peers.push(started)
  return started
}

test('WebRTC between two Node peers over a relay, which may then go', async () => {
  const { node, address } = await relay()
  const [alice, bob] = [await peer({ through: [address] }), await peer({ through: [address] })]
  const session = await connect(alice, bob)
  const path = { direct: true, transport: 'webrtc', multiplexer: '/webrtc', encryption: 'native' }
  expect(session.path).toEqual(path)
  const back = await until(() => bob.sessions[0])
  expect(back.path).toEqual(path)
  await node.stop()
  for (let count = 0; count < 20; count += 1) {
    expect(await session.send(Uint8Array.of(count))).toBe(true)
    expect(await back.send(Uint8Array.of(100 + count))).toBe(true)
  }
  expect(bob.received.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, count) => count))
  expect(alice.received.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, count) => 100 + count))
  expect([live(alice), live(bob)]).toEqual([[session], [back]])
})

test('over a circuit only announced peers get through', async () => {
  const { address } = await relay()
  const [mallory, bob] = [await peer({ through: [address] }), await peer({ through: [address] })]
  const { peerId, addresses } = bob.transport
  expect(await mallory.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'unreachable' })
  bob.transport.expect(mallory.transport.peerId, Date.now() - 1)
  expect(await mallory.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'unreachable' })
  expect(bob.sessions).toEqual([])
  expect((await connect(mallory, bob)).path.transport).toBe('webrtc')
})

test('more than 4 MiB over WebRTC to a slow consumer, both ways at once', async () => {
  const { address } = await relay()
  const [alice, bob] = [await peer({ through: [address] }), await peer({ through: [address] })]
  const there = await connect(alice, bob)
  const back = await until(() => bob.sessions[0])
  const slowly = (): Promise<boolean> => new Promise((resolve) => setImmediate(() => resolve(true)))
  bob.answer = slowly
  alice.answer = slowly
  const sends = Array.from({ length: 300 }, (_, index) => new Uint8Array(16_384).fill(index % 251))
  const held = await Promise.all([...sends.map((one) => there.send(one)), ...sends.map((one) => back.send(one))])
  expect(held.every((one) => one)).toBe(true)
  expect(bob.received.map(([first]) => first)).toEqual(sends.map(([first]) => first))
  expect(alice.received.map(([first]) => first)).toEqual(sends.map(([first]) => first))
})

test('a peer is reachable through each of its relays, and through those that are left', async () => {
  const [first, second] = [await relay(), await relay()]
  const through = [first.address, second.address]
  const [alice, bob] = [await peer({ through }), await peer({ through })]
  expect(circuitsOf(bob.transport).map((circuit) => circuit.split('/p2p-circuit')[0])).toEqual(through)
  await first.node.stop()
  await until(() => circuitsOf(bob.transport).length === 1)
  expect(circuitsOf(bob.transport)[0]).toContain(second.address)
  expect((await connect(alice, bob)).path.transport).toBe('webrtc')
})

test('a dial over a relay that is gone fails, and the next one by another relay does not wait for it', async () => {
  const [first, second] = [await relay(), await relay()]
  const through = [first.address, second.address]
  const [alice, bob] = [await peer({ through }), await peer({ through })]
  const addresses = circuitsOf(bob.transport)
  await first.node.stop()
  bob.transport.expect(alice.transport.peerId, Date.now() + 60_000)
  const dialled = await alice.transport.dial(bob.transport.peerId, addresses, 'talk')
  expect(dialled).toMatchObject({ ok: true, value: { path: { transport: 'webrtc' } } })
})

test('two who dial each other at once over WebRTC keep one session', async () => {
  const { address } = await relay()
  const [alice, bob] = [await peer({ through: [address] }), await peer({ through: [address] })]
  await Promise.all([connect(alice, bob), connect(bob, alice)])
  await until(() => live(alice).length === 1 && live(bob).length === 1)
  expect(await live(alice)[0]?.send(Uint8Array.of(1))).toBe(true)
  expect(await live(bob)[0]?.send(Uint8Array.of(1))).toBe(true)
})

test('a WebRTC path that was closed can be dialled again at once, many times', async () => {
  const { address } = await relay()
  const [alice, bob] = [await peer({ through: [address] }), await peer({ through: [address] })]
  for (let round = 1; round <= 12; round += 1) {
    const session = await connect(alice, bob)
    expect(await session.send(Uint8Array.of(round))).toBe(true)
    session.close()
  }
  expect(bob.received.map(([first]) => first)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
})
