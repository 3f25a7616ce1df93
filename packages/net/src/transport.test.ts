import type { Address, DirectSession } from '@sotto/interface'
import { afterEach, expect, test } from 'vitest'

import { startCircuitRelay, startPeer, until, type Peer } from '../test/peers.ts'

const peers: Peer[] = []
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.transport.stop()))
})

async function peer(about: Parameters<typeof startPeer>[0] = {}): Promise<Peer> {
  const started = await startPeer(about)
  peers.push(started)
  return started
}

async function connect(from: Peer, to: Peer, context = 'talk'): Promise<DirectSession> {
  const { peerId, addresses } = to.transport
  to.transport.expect(from.transport.peerId, Date.now() + 60_000)
  const dialled = await from.transport.dial(peerId, addresses, context)
  if (!dialled.ok) throw new Error(dialled.reason)
  return dialled.value
}

test('two peers find each other by TCP and exchange envelopes both ways, each acknowledged when it is held', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  expect(session.path).toMatchObject({
    direct: true,
    transport: 'tcp',
    multiplexer: '/yamux/1.0.0',
    encryption: '/noise',
  })
  let hold: (held: boolean) => void = () => undefined
  bob.answer = () => new Promise((resolve) => (hold = resolve))
  const sent = session.send(Uint8Array.of(1, 2, 3))
  await until(() => bob.received.length === 1)
  expect(await Promise.race([sent, Promise.resolve('not yet')])).toBe('not yet')
  hold(true)
  expect(await sent).toBe(true)
  const back = await until(() => bob.sessions[0])
  expect(await back.send(Uint8Array.of(9))).toBe(true)
  expect(alice.received).toEqual([Uint8Array.of(9)])
})

test('what the other side does not hold is not acknowledged, and the path ends', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  bob.answer = () => Promise.resolve(false)
  expect(await session.send(Uint8Array.of(1))).toBe(false)
  await until(() => alice.ended.includes(session))
  expect(await session.send(Uint8Array.of(2))).toBe(false)
})

test('a handler that throws ends the path and nothing else', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  bob.answer = () => Promise.reject(new Error('the disk is full'))
  expect(await session.send(Uint8Array.of(1))).toBe(false)
  bob.answer = () => Promise.resolve(true)
  const again = await connect(alice, bob)
  expect(await again.send(Uint8Array.of(2))).toBe(true)
})

test('whoever cannot prove who they are is refused, served nothing, and disconnected', async () => {
  const [mallory, bob] = [await peer({ word: 'stranger' }), await peer()]
  const { peerId, addresses } = bob.transport
  expect(await mallory.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'refused' })
  expect(bob.sessions).toEqual([])
  const alice = await peer()
  expect(await (await connect(alice, bob)).send(Uint8Array.of(1))).toBe(true)
})

test('more than the window waits for its acknowledgements, and all of it arrives in order', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  const release: (() => void)[] = []
  bob.answer = () => new Promise((resolve) => release.push(() => resolve(true)))
  const count = 320
  const sent = Promise.all(
    Array.from({ length: count }, (_, index) => session.send(new Uint8Array(16_384).fill(index % 251))),
  )
  await until(() => bob.received.length === 1)
  // One at a time goes up; the rest of the window waits in the session, and nothing beyond it was sent.
  for (let index = 0; index < count; index += 1) (await until(() => release[index]))()
  expect(await sent).toEqual(Array.from({ length: count }, () => true))
  expect(bob.received.map((envelope) => envelope[0])).toEqual(Array.from({ length: count }, (_, index) => index % 251))
})

test('the end of the other process is noticed', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  await bob.transport.stop()
  await until(() => alice.ended.includes(session))
  expect(await session.send(Uint8Array.of(1))).toBe(false)
  peers.splice(peers.indexOf(bob), 1)
})

test('addresses of another peer are not dialled, and a bare circuit carries nothing', async () => {
  const [alice, bob, carol] = [await peer(), await peer(), await peer()]
  const { peerId } = bob.transport
  expect(await alice.transport.dial(peerId, carol.transport.addresses, 'talk')).toMatchObject({ reason: 'unreachable' })
  const circuit = `/ip4/127.0.0.1/tcp/9/ws/p2p/${carol.transport.peerId}/p2p-circuit/p2p/${peerId}` as Address
  expect(await alice.transport.dial(peerId, [circuit], 'talk')).toMatchObject({ reason: 'unreachable' })
  expect(() => alice.transport.relay('/ip4/127.0.0.1/tcp/9' as Address)).toThrow(/not the address of a relay/)
})

test('WebRTC between two Node peers over a relay, which may then go', async () => {
  const relay = await startCircuitRelay()
  try {
    const about = { transports: ['webrtc'], relay: relay.address } as const
    const [alice, bob] = [await peer(about), await peer(about)]
    const session = await connect(alice, bob)
    expect(session.path).toMatchObject({ direct: true, transport: 'webrtc', multiplexer: '/webrtc' })
    await relay.node.stop()
    for (let count = 0; count < 20; count += 1) expect(await session.send(Uint8Array.of(count))).toBe(true)
    expect(bob.received.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, count) => count))
  } finally {
    await relay.node.stop()
  }
})

test('over a circuit only announced peers get through', async () => {
  const relay = await startCircuitRelay()
  try {
    const about = { transports: ['webrtc'], relay: relay.address } as const
    const [mallory, bob] = [await peer(about), await peer(about)]
    const { peerId, addresses } = bob.transport
    expect(await mallory.transport.dial(peerId, addresses, 'talk')).toMatchObject({ reason: 'unreachable' })
    expect(bob.sessions).toEqual([])
    expect((await connect(mallory, bob)).path.transport).toBe('webrtc')
  } finally {
    await relay.node.stop()
  }
})
