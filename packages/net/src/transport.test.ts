import type { Address } from '@sotto/interface'
import { afterEach, expect, test } from 'vitest'

import { connect, live, startPeer, until, wordHello, type Peer, type PeerInit } from '../test/peers.ts'
import { MAX_REFUSED_IN_A_ROW } from './direct/inbox.ts'

const peers: Peer[] = []
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.transport.stop()))
})

async function peer(init: PeerInit = {}): Promise<Peer> {
  const started = await startPeer(init)
  peers.push(started)
  return started
}

test('two peers find each other by TCP and exchange envelopes both ways, each acknowledged when it is held', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  expect(session.path).toEqual({ direct: true, transport: 'tcp', multiplexer: '/yamux/1.0.0', encryption: '/noise' })
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

test.each([
  ['does not hold', () => Promise.resolve(false)],
  ['fails to store', () => Promise.reject(new Error('the disk is full'))],
])(
  'what the other side %s is not acknowledged, and the next envelope goes over the same path',
  async (_what, answer) => {
    const [alice, bob] = [await peer(), await peer()]
    const session = await connect(alice, bob)
    bob.answer = answer
    expect(await session.send(Uint8Array.of(1))).toBe(false)
    bob.answer = () => Promise.resolve(true)
    expect(await session.send(Uint8Array.of(2))).toBe(true)
    expect(alice.ended).toEqual([])
  },
)

test('a path over which nothing is taken ends', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  bob.answer = () => Promise.resolve(false)
  for (let count = 0; !alice.ended.includes(session); count += 1) {
    expect(count).toBeLessThanOrEqual(MAX_REFUSED_IN_A_ROW)
    expect(await session.send(Uint8Array.of(1))).toBe(false)
  }
  expect(await session.send(Uint8Array.of(2))).toBe(false)
})

test('listeners that throw at every event disturb nobody', async () => {
  const fail = (): never => {
    throw new Error('a bug')
  }
  const events = { onSession: fail, onSessionEnd: fail, onRelay: fail, onAddresses: fail, onMail: fail, onSignal: fail }
  const [alice, bob] = [await peer({ events }), await peer({ events })]
  alice.transport.relay('/ip4/127.0.0.1/tcp/9/ws/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5' as Address)
  for (let count = 0; count < 3; count += 1) {
    const session = await connect(alice, bob)
    expect(await session.send(Uint8Array.of(count))).toBe(true)
    session.close()
  }
  expect(bob.received.map(([first]) => first)).toEqual([0, 1, 2])
})

test('whoever cannot prove who they are is refused, and disconnected', async () => {
  const [mallory, bob] = [await peer({ word: 'stranger' }), await peer()]
  const { peerId, addresses } = bob.transport
  expect(await mallory.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'refused' })
  expect(bob.sessions).toEqual([])
  const alice = await peer()
  expect(await (await connect(alice, bob)).send(Uint8Array.of(1))).toBe(true)
})

test('more than 4 MiB to a slow consumer waits for credit, and all of it arrives in order', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  const release: (() => void)[] = []
  bob.answer = () => new Promise((resolve) => release.push(() => resolve(true)))
  const count = 320
  let acked = 0
  const sent = Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const held = await session.send(new Uint8Array(16_384).fill(index % 251))
      acked += 1
      return held
    }),
  )
  for (let index = 0; index < count; index += 1) {
    const next = await until(() => release[index])
    // One after the other, and no acknowledgement comes before its envelope was taken.
    expect(release).toHaveLength(index + 1)
    expect(acked).toBeLessThanOrEqual(index)
    next()
  }
  expect(await sent).toEqual(Array.from({ length: count }, () => true))
  expect(bob.received.map((envelope) => envelope[0])).toEqual(Array.from({ length: count }, (_, index) => index % 251))
})

test('a transport that stops ends its paths on both sides, and can start again as somebody else', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const session = await connect(alice, bob)
  const { peerId } = bob.transport
  await bob.transport.stop()
  await until(() => alice.ended.includes(session))
  expect(await session.send(Uint8Array.of(1))).toBe(false)
  expect(() => bob.transport.peerId).toThrow(/not started/)
  expect(live(bob)).toEqual([])
  expect(peerId).not.toBe(alice.transport.peerId)
})

test('a second conversation with the same peer has a session and a connection of its own', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const talk = await connect(alice, bob, 'talk')
  const other = await connect(alice, bob, 'other')
  expect(other).not.toBe(talk)
  expect(await connect(alice, bob, 'talk')).toBe(talk)
  await until(() => live(bob).length === 2)
  expect(live(bob).map(({ context }) => context)).toEqual(['talk', 'other'])
  other.close()
  await until(() => live(bob).length === 1)
  expect(await talk.send(Uint8Array.of(1))).toBe(true)
})

test('two who dial each other at once, again and again, keep one session, and both the same', async () => {
  for (let round = 0; round < 12; round += 1) {
    const [alice, bob] = [await peer(), await peer()]
    await Promise.all([connect(alice, bob), connect(bob, alice)])
    await until(() => live(alice).length === 1 && live(bob).length === 1)
    const [[mine], [theirs]] = [live(alice), live(bob)]
    expect(await mine?.send(Uint8Array.of(1))).toBe(true)
    expect(await theirs?.send(Uint8Array.of(2))).toBe(true)
    expect([live(alice), live(bob)]).toEqual([[mine], [theirs]])
    await Promise.all([alice.transport.stop(), bob.transport.stop()])
  }
})

test('while both dial, no envelope is lost: each is acknowledged and there, or its sender knows better', async () => {
  for (let round = 0; round < 8; round += 1) {
    const outcomes: Promise<[number, boolean]>[] = []
    const events = {
      onSession: (session: { send(envelope: Uint8Array): Promise<boolean> }) => {
        for (let count = 0; count < 20; count += 1) {
          const name = outcomes.length
          outcomes.push(session.send(Uint8Array.of(name)).then((held) => [name, held]))
        }
      },
    }
    const [alice, bob] = [await peer({ events }), await peer()]
    await Promise.all([connect(alice, bob), connect(bob, alice)])
    const all = await Promise.all(outcomes)
    const there = bob.received.map(([name]) => name)
    for (const [name, held] of all) if (held) expect(there).toContain(name)
    expect(all.some(([, held]) => held)).toBe(true)
    await Promise.all([alice.transport.stop(), bob.transport.stop()])
  }
})

test('dials of the same are one dial, and an abort rejects with its own reason', async () => {
  const [alice, bob] = [await peer(), await peer()]
  const [first, second] = await Promise.all([connect(alice, bob), connect(alice, bob)])
  expect(second).toBe(first)
  expect(bob.sessions).toHaveLength(1)
  const { peerId } = await peer().then(({ transport }) => transport)
  const dead = `/ip4/127.0.0.1/tcp/9/p2p/${peerId}` as Address
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(alice.transport.dial(peerId, [dead], 'talk', { signal })).rejects.toThrow('enough')
})

test('there are 32 direct paths at most, counted on both sides, and one that ends makes room', async () => {
  const [alice, bob, carol] = [await peer(), await peer(), await peer()]
  for (let count = 0; count < 32; count += 1) await connect(alice, bob, `talk-${count}`)
  await until(() => live(bob).length === 32)
  const refused = { ok: false, reason: 'refused' }
  expect(await alice.transport.dial(carol.transport.peerId, carol.transport.addresses, 'talk')).toEqual(refused)
  expect(await carol.transport.dial(bob.transport.peerId, bob.transport.addresses, 'talk')).toEqual(refused)
  live(bob)[0]?.close()
  await until(() => live(alice).length === 31 && live(bob).length === 31)
  expect(await (await connect(carol, bob)).send(Uint8Array.of(1))).toBe(true)
})

test('a proof that takes for ever to check is given up', async () => {
  const forever = (): Promise<never> => new Promise(() => undefined)
  const bob = await peer({ hello: { ...wordHello('friend'), accept: forever } })
  const alice = await peer()
  const { peerId, addresses } = bob.transport
  expect(await alice.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'refused' })
})

test('addresses of another peer are not dialled, and a bare circuit carries nothing', async () => {
  const [alice, bob, carol] = [await peer(), await peer(), await peer()]
  const { peerId } = bob.transport
  const unreachable = { ok: false, reason: 'unreachable' }
  expect(await alice.transport.dial(peerId, carol.transport.addresses, 'talk')).toEqual(unreachable)
  const circuit = `/ip4/127.0.0.1/tcp/9/ws/p2p/${carol.transport.peerId}/p2p-circuit/p2p/${peerId}` as Address
  expect(await alice.transport.dial(peerId, [circuit], 'talk')).toEqual(unreachable)
  const junk = [`/nonsense/p2p/${peerId}`, `/ip4/127.0.0.1/tcp/9/http/p2p/${peerId}`] as Address[]
  expect(await alice.transport.dial(peerId, junk, 'talk')).toEqual(unreachable)
  expect(await alice.transport.dial('nobody', [`/ip4/127.0.0.1/tcp/9/p2p/nobody` as Address], 'talk')).toEqual(
    unreachable,
  )
  expect(await alice.transport.dial(alice.transport.peerId, alice.transport.addresses, 'talk')).toEqual(unreachable)
})

test('with relays only, nobody is dialled, nothing is listened on, and no address is named', async () => {
  const [alice, bob] = [await peer({ relaysOnly: true, transports: ['tcp', 'webrtc'] }), await peer()]
  expect(alice.transport.addresses).toEqual([])
  const { peerId, addresses } = bob.transport
  expect(await alice.transport.dial(peerId, addresses, 'talk')).toEqual({ ok: false, reason: 'not-direct' })
})

test('our own faults are said in a sentence', async () => {
  const alice = await peer()
  const bad = ['/ip4/127.0.0.1/tcp/9', 'relay.example', '/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5', '']
  for (const address of bad) {
    expect(() => alice.transport.relay(address as Address)).toThrow(/not the address of a relay/)
  }
  await expect(alice.transport.start({} as never, {} as never)).rejects.toMatchObject({ code: 'already-started' })
  const session = await connect(alice, await peer())
  await expect(session.send(new Uint8Array(16_385))).rejects.toMatchObject({ code: 'too-large' })
  await expect(session.send(new Uint8Array(0))).rejects.toMatchObject({ code: 'too-large' })
})
