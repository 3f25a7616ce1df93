import { createServer, type AddressInfo, type Server } from 'node:net'

import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import type { Address, MailboxKey, MailboxParams, RelayId } from '@sotto/interface'
import { createLibp2p } from 'libp2p'
import { afterEach, expect, test } from 'vitest'

import { crypto } from '../test/crypto.ts'
import { circuitsOf, startPeer, until, type Peer, type PeerInit } from '../test/peers.ts'
import { memoryMailboxes, startRelay, type TestRelay } from '../test/relay.ts'

const NOBODY = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'

const running: { stop(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop()
})

async function peer(init: PeerInit = {}): Promise<Peer> {
  const started = await startPeer(init)
  running.push(started.transport)
  return started
}

async function relay(about: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
  const started = await startRelay(about)
  running.push(started.node)
  return started
}

async function key(fill: number): Promise<MailboxKey> {
  const seed = new Uint8Array(32).fill(fill)
  return { seed, publicKey: await crypto.ed25519.publicKey(seed) }
}

async function mailbox(fill: number): Promise<{ params: MailboxParams; readKey: MailboxKey; writeKey: MailboxKey }> {
  const [readKey, writeKey] = [await key(fill), await key(fill + 100)]
  const params = { capacity: 0, expiresAt: 0, powBits: 0, lane: 'content' } as const
  return { readKey, writeKey, params: { ...params, readKey: readKey.publicKey, writeKeys: [writeKey.publicKey] } }
}

const entry = { tag: new Uint8Array(16), body: new Uint8Array(2_048) }

test('a relay that was killed and is back is reached again by itself, and what was subscribed still is', async () => {
  const privateKey = await generateKeyPair('Ed25519')
  const service = memoryMailboxes()
  const first = await relay({ privateKey, service })
  const port = Number(/\/tcp\/(\d+)\//.exec(first.address)?.[1])
  const [alice, bob] = [await peer(), await peer()]
  const [hers, his] = [alice.transport.relay(first.address), bob.transport.relay(first.address)]
  await until(() => hers.reachable && his.reachable)
  const { params, readKey, writeKey } = await mailbox(1)
  const created = await hers.create(params, readKey)
  if (!created.ok) throw new Error(created.reason)
  const id = created.value
  expect(await hers.subscribe([{ mailbox: id, readKey }])).toMatchObject({ ok: true })
  expect(await his.put(id, writeKey, entry)).toMatchObject({ ok: true })
  await until(() => alice.mail.length === 1)

  await first.node.stop()
  await until(() => !hers.reachable && !his.reachable)
  expect(await hers.list(id, readKey, 0)).toEqual({ ok: false, reason: 'unreachable' })
  await relay({ privateKey, service, port })
  await until(() => hers.reachable && his.reachable)
  expect(hers.problem).toBeUndefined()
  expect(await his.put(id, writeKey, entry)).toMatchObject({ ok: true })
  await until(() => alice.mail.length === 2)
  const states = alice.relays.map(({ reachable }) => reachable)
  expect([states[0], states.includes(false), states.at(-1)]).toEqual([true, true, true])
})

test('mailboxes that a relay has forgotten are asked for again with the others after a reconnect', async () => {
  const { node, address } = await relay()
  const [alice, bob] = [await peer(), await peer()]
  const [hers, his] = [alice.transport.relay(address), bob.transport.relay(address)]
  await until(() => hers.reachable && his.reachable)
  const [known, unknown] = [await mailbox(1), await mailbox(2)]
  const created = await hers.create(known.params, known.readKey)
  if (!created.ok) throw new Error(created.reason)
  const missing = 'ab'.repeat(32) as typeof created.value
  const wanted = [
    { mailbox: created.value, readKey: known.readKey },
    { mailbox: missing, readKey: unknown.readKey },
  ]
  expect(await hers.subscribe(wanted)).toEqual({ ok: false, reason: 'unknown' })
  const connections = node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === alice.transport.peerId)
  for (const connection of connections) connection.abort(new Error('a cable was pulled'))
  await until(() => alice.relays.length === 2)
  await until(() => hers.reachable)
  await until(() => alice.relays.length === 3)
  expect(await his.put(created.value, known.writeKey, entry)).toMatchObject({ ok: true })
  await until(() => alice.mail.length === 1)
})

test('why a relay is not reached is said in a word', async () => {
  const silent = await silentServer()
  running.push({ stop: () => void silent.close() })
  const { node, address } = await relay()
  const plain = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  running.push(plain)
  const alice = await peer()
  const silentPort = (silent.address() as AddressInfo).port
  const at = {
    'wrong-peer': address.replace(node.peerId.toString(), NOBODY),
    refused: `/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWLRPJAA5o6fPEJqVLGFHNvgiWxZ8yd9nTFQFxUdqzC3qg`,
    unsupported: plain.getMultiaddrs()[0]?.toString(),
    timeout: `/ip4/127.0.0.1/tcp/${silentPort}/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo`,
  }
  const links = Object.entries(at).map(
    ([problem, where]) => [problem, alice.transport.relay(where as Address)] as const,
  )
  for (const [problem, link] of links) {
    expect([problem, await until(() => link.problem)]).toEqual([problem, problem])
    expect(link.reachable).toBe(false)
  }
})

test('a relay that has moved is found at the address that was named last', async () => {
  const privateKey = await generateKeyPair('Ed25519')
  const first = await relay({ privateKey })
  const alice = await peer()
  const link = alice.transport.relay(first.address)
  await until(() => link.reachable)
  await first.node.stop()
  await until(() => !link.reachable)
  const moved = await relay({ privateKey })
  expect(alice.transport.relay(moved.address)).toBe(link)
  await until(() => link.reachable)
})

test('a forgotten relay has no connection, no reservation and no say any more', async () => {
  const [one, two] = [await relay(), await relay()]
  const alice = await peer({ through: [one.address, two.address] })
  alice.transport.forget(one.node.peerId.toString() as RelayId)
  await until(() => one.node.getConnections().length === 0)
  expect(circuitsOf(alice.transport)).toHaveLength(1)
  expect(circuitsOf(alice.transport)[0]).toContain(two.address)
  expect(two.node.getConnections()).toHaveLength(1)
})

test('after a stop and a start the same relays are kept up, under another peer id', async () => {
  const { node, address } = await relay()
  const alice = await peer({ through: [address] })
  const link = alice.transport.relay(address)
  const before = alice.transport.peerId
  await alice.transport.stop()
  expect(link.reachable).toBe(false)
  await until(() => node.getConnections().length === 0)
  await alice.restart()
  await until(() => link.reachable && circuitsOf(alice.transport).length === 1)
  expect(alice.transport.peerId).not.toBe(before)
  expect(node.getConnections().map(({ remotePeer }) => remotePeer.toString())).toEqual([alice.transport.peerId])
})

/** Takes connections, and says nothing. */
async function silentServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    running.push({ stop: () => void socket.destroy() })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
