import { encodeStateApart } from '@sotto/group'
import type { Store } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, texts, until, World } from '../test/world.ts'

/** The sealed items in a store's outbox. */
async function sealed(store: Store): Promise<string[]> {
  return (await store.list('outbox')).filter((row) => row.kind === 'application').map((row) => row.innerId)
}

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('what still waited when a conversation ended is said to be not sent, and waits for nobody', async () => {
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'got there', wait: 'delivered', timeout: 20_000 })
  await world.stop(alice)
  const away = await world.person('Alice', { disk: alice.disk, offline: true })
  await away.client.do('send', { conversation, text: 'never left', wait: 'queued' })
  const states = async (): Promise<unknown[]> => {
    const { rows } = await away.client.do('messages', { conversation })
    return rows.flatMap((row) => ('text' in row && row.own ? [[row.text, row.state, row.unsent]] : []))
  }
  expect(await states()).toEqual([
    ['got there', 'delivered', undefined],
    ['never left', 'queued', undefined],
  ])
  await away.client.do('block', { account: accountOf(bob) })
  expect((await states()).at(-1)).toEqual(['never left', 'queued', true])
  expect(away.client.snapshot.get().waiting).toEqual([])
})

test('two people become contacts and talk, and each sees the same', async () => {
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'hi Bob' })
  await until(async () => (await texts(bob, conversation)).includes('hi Bob'))
  await bob.client.do('send', { conversation, text: 'hi Alice' })
  await until(async () => (await texts(alice, conversation)).includes('hi Alice'))
  expect(await texts(alice, conversation)).toEqual(['hello', 'hi Bob', 'hi Alice'])
  expect(await texts(bob, conversation)).toEqual(['hello', 'hi Bob', 'hi Alice'])
})

test('contacts find a direct path, and go on without any relay', async () => {
  const { alice, bob, conversation } = await world.pair()
  await until(() => bob.facts.find((fact) => fact.type === 'connection' && fact.kind === 'direct'))
  await until(() => alice.facts.find((fact) => fact.type === 'connection' && fact.kind === 'direct'))
  world.network.setRelay(world.relay.address, false)
  const { reached } = await alice.client.do('send', {
    conversation,
    text: 'no relay',
    wait: 'delivered',
    timeout: 5_000,
  })
  expect(reached).toBe(true)
  expect(bob.facts.find((fact) => fact.type === 'message' && fact.message.text === 'no relay')).toMatchObject({
    via: 'direct',
  })
})

test('an offer that was lost on its way is made again, until there is a direct path', async () => {
  world.network.faults.noSignals = true
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'by way of the relay', wait: 'sent', timeout: 5_000 })
  await until(async () => (await texts(bob, conversation)).includes('by way of the relay'))
  expect(alice.facts.some((fact) => fact.type === 'connection' && fact.kind === 'direct')).toBe(false)
  world.network.faults.noSignals = false
  await until(() => alice.facts.find((fact) => fact.type === 'connection' && fact.kind === 'direct'))
})

test('a message for somebody who is away is sent, not delivered, until that device has it', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await world.stop(bob)
  const sent = await alice.client.do('send', { conversation, text: 'later', wait: 'sent', timeout: 5_000 })
  expect(sent).toMatchObject({ state: 'sent', reached: true })
  await world.stop(alice)
  const back = await world.person('Bob', { disk: bob.disk })
  await until(async () => (await texts(back, conversation)).includes('later'))
  await back.client.do('sync', {})
  expect((await texts(back, conversation)).filter((text) => text === 'later')).toHaveLength(1)
  const again = await world.person('Alice', { disk: alice.disk })
  await until(async () => {
    const { rows } = await again.client.do('messages', { conversation })
    return rows.some((row) => 'text' in row && row.text === 'later' && row.state === 'delivered')
  })
})

test('what is composed without a relay is kept, in order, and leaves when there is one', async () => {
  const { alice, bob, conversation } = await world.pair()
  await world.stop(alice)
  world.network.setRelay(world.relay.address, false)
  const offline = await world.person('Alice', { disk: alice.disk, offline: true })
  for (let count = 0; count < 20; count += 1) {
    const { state } = await offline.client.do('send', { conversation, text: `kept ${count}` })
    expect(state).toBe('queued')
  }
  await world.stop(offline)
  world.network.setRelay(world.relay.address, true)
  await world.person('Alice', { disk: alice.disk })
  await until(async () => (await texts(bob, conversation)).includes('kept 19'))
  const arrived = (await texts(bob, conversation)).filter((text) => text.startsWith('kept'))
  expect(arrived).toEqual(Array.from({ length: 20 }, (_, count) => `kept ${count}`))
})

test('reading is told to the other side, and unread counts fall to none', async () => {
  const { alice, bob, conversation } = await world.pair()
  const { message } = await alice.client.do('send', { conversation, text: 'read me' })
  await until(() => bob.client.snapshot.get().conversations[0]?.unread === 1)
  await bob.client.do('read', { conversation })
  await until(() => bob.client.snapshot.get().conversations[0]?.unread === 0)
  await bob.client.do('sync', {})
  await until(() =>
    alice.facts.find((fact) => fact.type === 'state' && fact.message === message && fact.state === 'read'),
  )
  const { rows } = await alice.client.do('messages', { conversation })
  expect(rows.at(-1)).toMatchObject({ text: 'read me', state: 'read' })
})

test('after a week whoever has the turn opens a new generation, and both go on in it', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('sync', {})
  await bob.client.do('sync', {})
  const before = await bob.store.list('generations')
  // Six hours later it would be the other one's.
  world.clock.jump(7 * 86_400_000 + 3_600_000)
  world.network.setRelay(world.relay.address, false)
  world.network.setRelay(world.relay.address, true)
  for (const person of [alice, bob])
    await until(async () => (await person.store.list('generations')).length === before.length + 1)
  await bob.client.do('send', { conversation, text: 'new keys' })
  await until(async () => (await texts(alice, conversation)).includes('new keys'))
  for (const person of [alice, bob]) expect(await person.store.list('generations')).toHaveLength(before.length + 1)
})

test('superseded epochs are deleted once both sides have moved on', async () => {
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'one', wait: 'delivered', timeout: 5_000 })
  await bob.client.do('send', { conversation, text: 'two', wait: 'delivered', timeout: 5_000 })
  await until(async () => (await alice.store.list('epochs')).length === 1)
  await until(async () => (await bob.store.list('epochs')).length === 1)
  const [hers, his] = [await alice.store.list('epochs'), await bob.store.list('epochs')]
  expect(hers.map((row) => row.epochId)).toEqual(his.map((row) => row.epochId))
})

test('a restored old copy of a store uses no key: it is retired, and the newer one goes on', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await world.stop(alice)
  const copy = alice.disk.copy()
  const newer = await world.person('Alice', { disk: alice.disk })
  await newer.client.do('send', { conversation, text: 'from the newer one', wait: 'sent', timeout: 5_000 })
  await world.stop(newer)
  const sealedBefore = await sealed(copy.copy().open())
  const older = await world.person('Alice', { disk: copy })
  const before = (await bob.store.list('events')).length
  await older.client.do('send', { conversation, text: 'from the past' }).catch(() => undefined)
  await until(() => older.facts.find((fact) => fact.type === 'notice' && fact.name === 'device-retired'))
  await expect(older.client.do('send', { conversation, text: 'again' })).rejects.toMatchObject({
    code: 'device-retired',
  })
  expect(sealedBefore).toEqual(expect.arrayContaining(await sealed(older.store)))
  await world.stop(older)
  const again = await world.person('Alice', { disk: alice.disk })
  await again.client.do('send', { conversation, text: 'still here', wait: 'sent', timeout: 5_000 })
  await until(async () => (await texts(bob, conversation)).includes('still here'))
  expect((await bob.store.list('events')).length).toBeGreaterThan(before)
  expect(await texts(bob, conversation)).not.toContain('from the past')
})

test('whatever follows from a message finds the keys moved on: none is used twice', async () => {
  const { alice, bob, conversation } = await world.pair()
  const states: { held: Uint8Array; stored: Promise<Uint8Array | undefined> }[] = []
  bob.client.subscribe((fact) => {
    if (fact.type !== 'message') return
    const { tip } = bob.client.get(conversation)
    const row = bob.store.get('epochs', [conversation, tip.epochId])
    states.push({ held: encodeStateApart(tip).head, stored: row.then((epoch) => epoch?.state) })
  })
  await alice.client.do('send', { conversation, text: 'one' })
  await until(() => states.length === 1)
  const [first] = states
  expect(first?.held).toEqual(await first?.stored)
})
