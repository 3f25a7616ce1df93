import { threadCpuUsage } from 'node:process'

import type { DirectSession, Hello, MailboxId, RelayId, TransportEvents } from '@sotto/interface'
import { seededRandom, type SeededRandom } from '@sotto/testkit'
import { encodeHelloInit, encodeHelloReply } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../test/world.ts'

// What a client makes of ten thousand messages that its own transport hands up: nothing at all, and an honest person beside notices nothing.

const SEED = 20_261_128
const MESSAGES = 10_000
const MAX_CPU_MS = 50

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

interface Inside {
  readonly hello: Hello
  readonly events: TransportEvents
  readonly sessions: ReadonlySet<DirectSession>
}
const inside = (person: Person): Inside => person.transport as unknown as Inside

/** Noise, and good messages cut, doubled, or with a bit changed. */
function hostile(random: SeededRandom, good: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.25)) return random.bytes(1 + random.integer(600))
  const bytes = random.pick(good).slice()
  const at = random.integer(bytes.length)
  if (random.chance(0.2)) return bytes.subarray(0, at)
  if (random.chance(0.2)) return Uint8Array.from([...bytes, ...random.pick(good)])
  bytes[at] = (bytes[at] ?? 0) ^ (1 + random.integer(255))
  return bytes
}

/** Processor time of this thread, the least of three when it is much: garbage may be collected in one of them. */
async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  let least = Infinity
  for (let time = 0; time < 3 && least >= MAX_CPU_MS; time++) {
    const before = threadCpuUsage()
    await run()
    const { user, system } = threadCpuUsage(before)
    least = Math.min(least, (user + system) / 1_000)
  }
  return least
}

/** A text that comes. */
async function expectServed(alice: Person, bob: Person, conversation: string, text: string): Promise<void> {
  await alice.client.do('send', { conversation: conversation as never, text })
  await until(async () => (await texts(bob, conversation as never)).includes(text))
}

test(`hello: ${MESSAGES} proofs and answers that are not right (seed ${SEED})`, async () => {
  const { alice, bob, conversation } = await world.pair()
  const random = seededRandom(SEED)
  const peers = { dialler: 'mallory', listener: bob.transport.peerId }
  // Alice's own proof and Bob's own answer, for other peers than these.
  const true_ = { dialler: alice.transport.peerId, listener: bob.transport.peerId }
  const proof = await inside(alice).hello.dial(conversation, true_)
  const reply = (await inside(bob).hello.accept(proof, true_))?.reply ?? new Uint8Array(1)
  const claims = Array.from({ length: 16 }, () => ({ tag: random.bytes(16), sealed: random.bytes(174) }))
  const good = [
    proof,
    reply,
    encodeHelloInit({ claims }),
    encodeHelloReply({ tag: random.bytes(16), sealed: random.bytes(174) }),
  ]
  for (let count = 0; count < MESSAGES; count++) {
    const message = count % 8 === 0 ? random.pick(good) : hostile(random, good)
    const spent = await cpuMs(async () => {
      if (count % 2 === 0) expect(await inside(bob).hello.accept(message, peers)).toBeUndefined()
      else expect(await inside(bob).hello.confirm(conversation, message, peers)).toBe(false)
    })
    expect(spent).toBeLessThan(MAX_CPU_MS)
  }
  await expectServed(alice, bob, conversation, 'still here')
})

test(`signals and mail of a relay: ${MESSAGES} (seed ${SEED})`, async () => {
  const { alice, bob, conversation } = await world.pair()
  const random = seededRandom(SEED)
  const posts = bob.client.network.posts()
  const relay = posts[0]?.relay.id ?? ('' as RelayId)
  const known = [...world.relay.store.mailboxes.keys()]
  const records = [...world.relay.store.mailboxes.values()].flatMap(({ entries }) =>
    entries.map(({ body }) => body.subarray(0, 2_048)),
  )
  for (let count = 0; count < MESSAGES; count++) {
    const mailbox = random.chance(0.8)
      ? random.pick(known)
      : (Buffer.from(random.bytes(32)).toString('hex') as MailboxId)
    if (count % 10 === 0) inside(bob).events.onMail(relay, mailbox)
    else inside(bob).events.onSignal(relay, mailbox, hostile(random, records))
  }
  await expectServed(alice, bob, conversation, 'still here')
})

test(`envelopes of a direct path: ${MESSAGES} (seed ${SEED})`, async () => {
  const { alice, bob, conversation } = await world.pair()
  const random = seededRandom(SEED)
  const before = await texts(bob, conversation)
  const records = [...world.relay.store.mailboxes.values()].flatMap(({ entries }) => entries.map(({ body }) => body))
  // Alice's own path, as if she sent all this.
  const session = await until(() => [...inside(bob).sessions][0])
  // Another relay's, or another path's, are no envelopes of this one.
  for (let count = 0; count < MESSAGES; count++) {
    const envelope = count % 8 === 0 ? random.pick(records) : hostile(random, records)
    expect(await cpuMs(() => inside(bob).events.onEnvelope(session, envelope))).toBeLessThan(MAX_CPU_MS)
  }
  expect(await texts(bob, conversation)).toEqual(before)
  await expectServed(alice, bob, conversation, 'still here')
})
