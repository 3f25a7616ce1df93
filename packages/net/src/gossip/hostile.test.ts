import { RPC } from '@libp2p/gossipsub/message'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Topic } from '@sotto/interface'
import { EVENTS_PROTOCOL, GOSSIP_PROTOCOL, HELLO_PROTOCOL } from '@sotto/wire'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { connect, startPeer, until, wordProof, type Peer } from '../../test/peers.ts'
import { ask, dialSocket, prefixed, startStranger } from '../../test/stranger.ts'
import { MAX_TOPIC_FRAME_BYTES, MAX_TOPIC_FRAME_MESSAGES } from './limits.ts'
import { Tagging } from './tagging.ts'

const NAME = 'topic0'
const KEY = new Uint8Array(32).fill(7)
const PROTOCOL = `${GOSSIP_PROTOCOL}${NAME}`
const SEED = 20_261_128
const ROUNDS = 30
const FRAMES = 100
const tagging = new Tagging(KEY)

/** What Bob heard, and what he lost by reason. */
let heard: Uint8Array[]
let lost: Map<string, number>
let bob: Peer
let honest: Peer
let bad: Libp2p
let topic: Topic
let hers: Topic
/** What came to the bad peer. */
let got: Uint8Array[]

beforeEach(async () => {
  heard = []
  lost = new Map()
  got = []
  bob = await startPeer({
    events: { onGossip: (_topic, envelope) => void heard.push(envelope) },
    metrics: { count: (name, labels) => name === 'gossip_lost' && count(labels?.['reason'] ?? '') },
  })
  honest = await startPeer()
  bad = await startStranger()
  await bad.handle(PROTOCOL, (stream) => {
    stream.addEventListener('message', ({ data }) => void got.push(data.subarray().slice()))
  })
  await connect(honest, bob)
  topic = bob.transport.topic({ name: NAME, key: KEY })
  hers = honest.transport.topic({ name: NAME, key: KEY })
  topic.setPeers([honest.transport.peerId, bad.peerId.toString()])
  hers.setPeers([bob.transport.peerId])
  await until(() => topic.peers === 1 && hers.peers === 1)
})
afterEach(async () => {
  await Promise.all([bob.transport.stop(), honest.transport.stop(), bad.stop()])
})

function count(reason: string): void {
  lost.set(reason, (lost.get(reason) ?? 0) + 1)
}

/** A connection on which the bad peer has proved to be a member. */
async function prove(who = bad): Promise<Connection> {
  const connection = await dialSocket(who, bob.transport.addresses, true)
  const peers = { dialler: who.peerId.toString(), listener: bob.transport.peerId }
  await ask(connection, HELLO_PROTOCOL, prefixed(wordProof('friend', 'talk', peers)))
  const before = bob.sessions.length
  await connection.newStream(EVENTS_PROTOCOL)
  await until(() => bob.sessions.length > before)
  return connection
}

async function open(connection: Connection): Promise<Stream | undefined> {
  try {
    return await connection.newStream(PROTOCOL)
  } catch {
    return undefined
  }
}

function say(stream: Stream | undefined, bytes: Uint8Array): void {
  try {
    stream?.send(bytes)
  } catch {
    // The other side has ended it, which is as good.
  }
}

/** A message as it stands on the stream. */
function frame(envelope: Uint8Array, about: Partial<RPC.Message> = {}): Uint8Array {
  const data = tagging.add(envelope)
  return framed(RPC.encode({ subscriptions: [], messages: [{ topic: NAME, data, ...about }] }))
}

function framed(bytes: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let left = bytes.length
  for (; left > 127; left = Math.floor(left / 128)) prefix.push((left & 127) | 128)
  return Uint8Array.from([...prefix, left, ...bytes])
}

const marked = (mark: number): Uint8Array => new Uint8Array(64).fill(mark)
const marks = (): number[] => heard.map(([mark]) => mark ?? -1)

/** What the honest peer sends comes, now as before. */
async function expectHonestIsHeard(mark: number): Promise<void> {
  hers.publish(marked(mark))
  await until(() => marks().includes(mark))
}

test('a topic is served to nobody before hello', async () => {
  const connection = await dialSocket(bad, bob.transport.addresses)
  expect(await ask(connection, PROTOCOL, frame(marked(1)))).toBeUndefined()
  await expectHonestIsHeard(2)
  expect(marks()).toEqual([2])
  expect(got).toEqual([])
})

test('a proved peer takes part, and one that is not named does not', async () => {
  const connection = await prove()
  const stream = await open(connection)
  say(stream, frame(marked(1)))
  await until(() => marks().includes(1))
  topic.setPeers([honest.transport.peerId])
  // A stream that was only closed could be written on for ever.
  await until(() => stream?.status !== 'open')
  const again = await open(connection)
  say(again, frame(marked(2)))
  await until(() => again?.status !== 'open')
  await expectHonestIsHeard(3)
  expect(marks()).toEqual([1, 3])
})

test.for<[string, () => Uint8Array]>([
  ['a sender', () => frame(marked(1), { from: Uint8Array.of(1, 2, 3) })],
  ['a signature', () => frame(marked(1), { signature: new Uint8Array(64) })],
  ['a number', () => frame(marked(1), { seqno: new Uint8Array(8) })],
  ['a key', () => frame(marked(1), { key: new Uint8Array(36) })],
  ['another topic', () => frame(marked(1), { topic: 'topic1' })],
  ['no data', () => framed(RPC.encode({ subscriptions: [], messages: [{ topic: NAME }] }))],
  ['a tag and nothing after it', () => frame(marked(1), { data: tagging.add(new Uint8Array()) })],
  ['a wrong tag', () => frame(marked(1), { data: new Uint8Array(96) })],
  ['two grafts', () => framed(controlled({ graft: [{ topicID: NAME }, { topicID: NAME }] }))],
  ['too many messages', () => framed(RPC.encode({ subscriptions: [], messages: many(() => messageOf(1)) }))],
  ['too many questions', () => framed(controlled({ iwant: [{ messageIDs: many(() => new Uint8Array(32)) }] }))],
  [
    'too much news',
    () => framed(controlled({ ihave: [{ topicID: NAME, messageIDs: many(() => new Uint8Array(32)) }] })),
  ],
  ['what it does not want', () => framed(controlled({ idontwant: [{ messageIDs: [new Uint8Array(32)] }] }))],
  [
    'peers to connect to',
    () => framed(controlled({ prune: [{ topicID: NAME, peers: [{ peerID: bad.peerId.toMultihash().bytes }] }] })),
  ],
])('what is no message of a topic is dropped, and is not passed on: %s', async ([, make]) => {
  const stream = await open(await prove())
  say(stream, make())
  say(stream, frame(marked(2)))
  await until(() => marks().includes(2))
  await expectHonestIsHeard(3)
  expect(marks()).toEqual([2, 3])
})

/** One more than may be. */
function many<T>(make: () => T): T[] {
  return Array.from({ length: MAX_TOPIC_FRAME_MESSAGES + 1 }, make)
}

function messageOf(mark: number): RPC.Message {
  return { topic: NAME, data: tagging.add(marked(mark)) }
}

function controlled(control: Partial<RPC.ControlMessage>): Uint8Array {
  const all = { ihave: [], iwant: [], graft: [], prune: [], idontwant: [], ...control }
  return RPC.encode({ subscriptions: [], messages: [messageOf(1)], control: all })
}

test('a frame that is longer than any message ends the stream before it is read', async () => {
  const stream = await open(await prove())
  say(stream, framed(new Uint8Array(MAX_TOPIC_FRAME_BYTES + 1)))
  await until(() => stream?.status !== 'open')
  await expectHonestIsHeard(1)
})

test('three messages with a wrong tag bar a peer for good, also on new streams', async () => {
  const connection = await prove()
  const stream = await open(connection)
  for (let at = 0; at < 3; at += 1) say(stream, frame(marked(1), { data: new Uint8Array(96).fill(at) }))
  await until(() => lost.get('invalid') === 3)
  stream?.abort(new Error('again'))
  await until(() => topic.peers === 1)
  const again = await open(connection)
  say(again, frame(marked(2)))
  await until(() => again?.status !== 'open')
  const anew = await open(await prove())
  say(anew, frame(marked(3)))
  await until(() => anew?.status !== 'open')
  await expectHonestIsHeard(4)
  expect(marks()).toEqual([4])
})

test('of a member that floods the topic no more gets through than is remembered', async () => {
  const stream = await open(await prove())
  const began = performance.now()
  for (let at = 0; at < 3_000 && stream?.status === 'open'; at += 1) {
    const envelope = new Uint8Array(64)
    new DataView(envelope.buffer).setUint32(0, at)
    stream.send(frame(envelope))
    if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => heard.length + (lost.get('too-many') ?? 0) + (lost.get('too-slow') ?? 0) === 3_000)
  const seconds = (performance.now() - began) / 1_000
  expect(heard.length).toBeLessThanOrEqual(1_024 + 128 * seconds)
})

test(`${ROUNDS} times ${FRAMES} bad frames change nothing for the honest peer beside them (seed ${SEED})`, async () => {
  const real = [
    frame(marked(1)),
    framed(controlled({ graft: [{ topicID: NAME }], prune: [{ topicID: NAME, peers: [] }] })),
  ]
  const mutated = fc
    .tuple(fc.constantFrom(...real), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([bytes, at, change]) => {
      const copy = bytes.slice()
      copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ change
      return copy
    })
  const frames = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated), {
    numRuns: ROUNDS * FRAMES,
    seed: SEED,
  })
  for (let round = 0; round < ROUNDS; round += 1) {
    // Barred after a few of them, a peer is of no more use.
    const another = await startStranger()
    topic.setPeers([honest.transport.peerId, another.peerId.toString()])
    await another.handle(PROTOCOL, () => undefined)
    const stream = await open(await prove(another))
    for (const bytes of frames.slice(round * FRAMES, (round + 1) * FRAMES)) say(stream, bytes)
    await expectHonestIsHeard(100 + round)
    await another.stop()
  }
})
