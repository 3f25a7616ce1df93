import { generationKeys, openEnvelope, sealEnvelope, sizeFor, splitInner } from '@sotto/group'
import { ok, type ConversationId, type DirectSession, type Hello } from '@sotto/interface'
import { encodeInner, innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dump, texts, until, World, type Person } from '../test/world.ts'
import { MAX_PARKED_BYTES, receive } from './conversation/receive.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Ends all activity, so that two dumps can be compared. */
async function settle(...people: Person[]): Promise<void> {
  for (const person of people) await person.client.do('sync', { timeout: 5_000 })
}

/** The bodies in the relay's mailboxes, with the mailbox they lie in. */
function bodies(): { mailbox: string; body: Uint8Array }[] {
  return [...world.relay.store.mailboxes].flatMap(([mailbox, { entries }]) =>
    entries.map(({ body }) => ({ mailbox, body })),
  )
}

/** Puts bytes into a mailbox as its writer, as whoever holds the relay can. */
function plant(mailbox: string, body: Uint8Array): void {
  const found = world.relay.store.mailboxes.get(mailbox as never)
  if (found === undefined) throw new Error('no such mailbox')
  found.last += 1
  found.entries.push({ seq: found.last, tag: String(found.last).padStart(32, '0'), writer: '', body, knock: '' })
}

async function rereads(person: Person): Promise<void> {
  for (const post of person.client.network.posts()) await post.open()
}

test('a tampered, a replayed and a misplaced envelope in a mailbox change nothing', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'once', wait: 'sent', timeout: 5_000 })
  await until(async () => (await texts(bob, conversation)).includes('once'))
  await settle(alice, bob)
  // How much of a mailbox was read is counted, whatever it was.
  const before = await dump(bob.store, ['meta'])
  const all = bodies().filter(({ mailbox }) => bob.client.network.posts().some((post) => post.mailbox(mailbox)))
  expect(all.length).toBeGreaterThan(2)
  for (const { mailbox, body } of all) {
    plant(mailbox, body) // replayed under another tag
    for (const at of [0, 1, 30, 500, body.length - 1]) {
      const changed = body.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      plant(mailbox, changed)
    }
    for (const other of all) if (other.mailbox !== mailbox) plant(other.mailbox, body) // the other lane
  }
  await rereads(bob)
  expect(await dump(bob.store, ['meta'])).toBe(before)
  expect((await texts(bob, conversation)).filter((text) => text === 'once')).toHaveLength(1)
})

test("another conversation's items, sealed for this one by a member of both, change nothing", async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  const carol = await world.person('Carol')
  const { link } = await bob.client.do('invite', {})
  const joined = await carol.client.do('join', { link, message: 'I am Carol' })
  const request = await until(() => bob.client.snapshot.get().requests[0])
  await bob.client.do('accept', { id: request.id })
  await carol.client.do('send', {
    conversation: joined.conversation,
    text: 'for Bob only',
    wait: 'sent',
    timeout: 5_000,
  })
  await settle(alice, bob, carol)
  const inners = innersOf(carol, joined.conversation)
  expect(inners.length).toBeGreaterThan(2)
  const session = await stranger(alice, conversation)
  const before = await dump(alice.store, ['inbox'])
  for (const inner of inners) {
    for (const envelope of envelopes(bob, conversation, inner)) {
      await alice.client.network.sessions.take(alice.client.get(conversation), session, envelope)
    }
  }
  // An unknown epoch may be one that is still to come: such items are parked, within a bound, and open nothing.
  expect(await dump(alice.store, ['inbox'])).toBe(before)
  expect((await alice.store.list('inbox')).length).toBeLessThanOrEqual(inners.length)
})

test("an item of another generation and a stranger's bytes over a direct path change nothing", async () => {
  const { alice, bob, conversation } = await world.pair()
  await until(() => alice.facts.find((fact) => fact.type === 'connection' && fact.kind === 'direct'))
  await alice.client.do('send', { conversation, text: 'first', wait: 'delivered', timeout: 5_000 })
  await settle(alice, bob)
  const session = await stranger(bob, conversation)
  const before = await dump(bob.store)
  const keys = generationKeys(new Uint8Array(32).fill(7))
  const inner = new TextEncoder().encode('not an item')
  const [fragment] = (splitInner(inner, 512) as Extract<ReturnType<typeof splitInner>, { ok: true }>).value
  if (fragment === undefined) throw new Error('no fragment')
  const foreign = sealEnvelope({ keys, path: 'direct', size: 512, ...fragment })
  for (const bytes of [
    foreign,
    new Uint8Array(),
    new Uint8Array(512),
    new Uint8Array(16_384).fill(255),
    ...envelopes(bob, conversation, inner),
  ]) {
    await bob.client.network.sessions.take(bob.client.get(conversation), session, bytes)
  }
  expect(await dump(bob.store)).toBe(before)
})

test('a hello without the keys, or with those of a stranger, proves nothing', async () => {
  const { alice, bob, conversation } = await world.pair()
  const mallory = await world.person('Mallory')
  const peers = { dialler: mallory.transport.peerId, listener: alice.transport.peerId }
  const hello = helloOf(alice)
  expect(await hello.accept(new Uint8Array(), peers)).toBeUndefined()
  const proof = await helloOf(bob).dial(conversation, { ...peers, dialler: bob.transport.peerId })
  // Bob's true proof, given by somebody else's connection.
  expect(await hello.accept(proof, peers)).toBeUndefined()
  expect(await hello.accept(proof, { ...peers, dialler: bob.transport.peerId })).toBeDefined()
})

test('a hello of a device that was revoked proves nothing any more, made with the keys that it had', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  const { device } = phone.client.context.profile()
  await until(() => phone.client.conversations.has(conversation))
  await until(() => bob.client.get(conversation).peerDevices.includes(device))
  const peers = { dialler: phone.transport.peerId, listener: bob.transport.peerId }
  const proof = await helloOf(phone).dial(conversation, peers)
  expect(await helloOf(bob).accept(proof, peers)).toBeDefined()
  await alice.client.do('deviceRevoke', { device })
  await until(() => !bob.client.get(conversation).peerDevices.includes(device))
  expect(await helloOf(bob).accept(proof, peers)).toBeUndefined()
})

/** What answers hellos, and makes them, of somebody's transport. */
function helloOf({ transport }: Person): Hello {
  return (transport as unknown as { hello: Hello }).hello
}

/** A session that was never announced: its envelopes count for nothing, and one that poses as an open path. */
async function stranger(person: Person, conversation: ConversationId): Promise<DirectSession> {
  const session: DirectSession = {
    context: conversation,
    peer: 'nobody',
    path: { direct: true, transport: 'tcp', multiplexer: '', encryption: '' },
    send: () => Promise.resolve(false),
    close: () => undefined,
  }
  const entry = person.client.get(conversation)
  const [device] = entry.peerDevices
  if (device === undefined) throw new Error('nobody there')
  await person.client.network.sessions.add(entry, session, device)
  await person.client.do('sync', { timeout: 5_000 })
  return session
}

/** The items that lie at the relay for a conversation, opened with a member's keys. */
function innersOf(person: Person, conversation: ConversationId): Uint8Array[] {
  const { keys } = person.client.get(conversation).generation
  const [post] = person.client.network.posts(person.client.get(conversation))
  return bodies().flatMap(({ mailbox, body }) => {
    if (post?.mailbox(mailbox) === undefined) return []
    const opened = openEnvelope({ keys, path: `relay:${post.relay.id}`, envelope: body })
    return opened.ok && opened.value.count === 1 ? [opened.value.bytes] : []
  })
}

/** An inner item in envelopes of that conversation's direct path. */
function envelopes(person: Person, conversation: ConversationId, inner: Uint8Array): Uint8Array[] {
  const { keys } = person.client.get(conversation).generation
  const size = Math.min(sizeFor(inner.length, 'direct'), 16_384)
  const fragments = splitInner(inner, size)
  return (fragments.ok ? fragments : ok([])).value.map((fragment) =>
    sealEnvelope({ keys, path: 'direct', size, ...fragment }),
  )
}

test('large items for epochs that nobody knows wait within a bound of bytes, and small talk goes on', async () => {
  const { alice, bob, conversation } = await world.pair()
  const entry = bob.client.get(conversation)
  const size = 1_000_000
  const taken: string[] = []
  for (let index = 0; index < 20; index++) {
    const epochId = new Uint8Array(32).fill(index)
    const inner = encodeInner({ item: { case: 'application', value: { epochId, mls: new Uint8Array(size) } } })
    taken.push(await entry.lane.run(() => receive(entry, innerIdOf(inner), inner, { via: 'direct' })))
  }
  const parked = await bob.store.list('inbox', { prefix: [conversation] })
  expect(parked.reduce((sum, row) => sum + row.inner.length, 0)).toBeLessThanOrEqual(MAX_PARKED_BYTES)
  // The newest are kept: what fills the room must not keep out what comes after it.
  expect(new Set(taken)).toEqual(new Set(['parked']))
  expect(
    parked
      .map(({ parkedFor }) => parkedFor)
      .toSorted()
      .at(-1),
  ).toBe('13'.repeat(32))
  await alice.client.do('send', { conversation, text: 'still here' })
  await until(async () => (await texts(bob, conversation)).includes('still here'))
})
