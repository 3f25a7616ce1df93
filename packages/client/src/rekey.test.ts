import type { RelayId } from '@sotto/interface'
import { encodeInner, innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../test/world.ts'
import { receive } from './conversation/receive.ts'
import { outboxRow, withDeposit } from './conversation/outbox-row.ts'
import { dropOld, rekeyIfDue } from './conversation/rekey.ts'

const DAY_MS = 86_400_000

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

function renew(person: Person, conversation: string): Promise<boolean> {
  const entry = person.client.get(conversation)
  return entry.lane.run(() => rekeyIfDue(entry, { full: true }))
}

function reconnect(): void {
  world.network.setRelay(world.relay.address, false)
  world.network.setRelay(world.relay.address, true)
}

test('a new generation is opened over a direct path alone, and what follows in it arrives', async () => {
  const { alice, bob, conversation } = await world.pair()
  for (const one of [alice, bob]) await until(() => one.client.network.isDirect(one.client.get(conversation)))
  await bob.client.do('send', { conversation, text: 'before', wait: 'delivered', timeout: 10_000 })
  world.network.setRelay(world.relay.address, false)
  expect(await renew(alice, conversation)).toBe(true)
  const sent = await alice.client.do('send', { conversation, text: 'after', wait: 'delivered', timeout: 10_000 })
  expect(sent).toMatchObject({ state: 'delivered' })
  expect(await texts(bob, conversation)).toContain('after')
})

test('what cannot be opened over a direct path is not said to be held', async () => {
  const { alice, bob, conversation } = await world.pair()
  await until(() => alice.client.network.isDirect(alice.client.get(conversation)))
  const [path] = (bob.transport as unknown as { sessions: Set<{ send(envelope: Uint8Array): Promise<boolean> }> })
    .sessions
  expect(await path?.send(new Uint8Array(512).fill(7))).toBe(false)
})

test('a relay that lost the commit of a new generation gets it again, until the other side has followed', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('sync', {})
  await world.stop(bob)
  expect(await renew(alice, conversation)).toBe(true)
  await alice.client.do('send', { conversation, text: 'after', wait: 'sent', timeout: 10_000 })
  await alice.client.do('sync', {})
  for (const { entries, params } of world.relay.store.mailboxes.values())
    if (params.lane === 'control') entries.length = 0
  reconnect()
  await alice.client.do('sync', {})
  const back = await world.person('Bob', { disk: bob.disk })
  await until(async () => (await texts(back, conversation)).includes('after'))
  await back.client.do('send', { conversation, text: 'I am with you', wait: 'sent', timeout: 10_000 })
  await back.client.do('sync', {})
  await until(async () => (await alice.store.list('outbox')).every((row) => row.kind !== 'commit'))
})

test('a device that was away for a quarter of a year goes on', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  for (const one of [alice, bob]) await one.client.do('sync', {})
  world.clock.jump(91 * DAY_MS)
  reconnect()
  await until(async () => (await bob.store.list('generations')).length >= 2)
  await alice.client.do('send', { conversation, text: 'long time no see' })
  await until(async () => (await texts(bob, conversation)).includes('long time no see'))
  // Both may have renewed the keys at once: then one of the two changes stands, and both know which.
  await until(() => alice.client.get(conversation).tip.epochId === bob.client.get(conversation).tip.epochId)
  // What was sealed for the old one may still be under way.
  expect((await alice.store.list('generations')).length).toBeLessThanOrEqual(3)
})

test('whatever a relay says of its mailboxes, generations are opened at most eight times a day', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  for (let count = 0; count < 12; count += 1) {
    await renew(alice, conversation)
    await alice.client.do('sync', {})
  }
  await bob.client.do('sync', {})
  expect(await alice.store.list('generations')).toHaveLength(8)
  expect(bob.client.get(conversation).tip.epochId).toBe(alice.client.get(conversation).tip.epochId)
})

test('what was refused is judged anew when it comes again, and costs no room', async () => {
  world.network.faults.noDirect = true
  const { bob, conversation } = await world.pair()
  await bob.client.do('sync', {})
  const entry = bob.client.get(conversation)
  const before = (await bob.store.list('seen')).length
  for (let count = 0; count < 3; count += 1) {
    const junk = new Uint8Array(64).fill(count)
    expect(await entry.lane.run(() => receive(entry, innerIdOf(junk), junk, { via: 'mailbox' }))).toBe('refused')
  }
  expect(await bob.store.list('seen')).toHaveLength(before)
})

test('a relay counts as read only when the mailboxes of every kept generation were', async () => {
  world.network.faults.noDirect = true
  const { alice, conversation } = await world.pair()
  await alice.client.do('sync', {})
  await renew(alice, conversation)
  await alice.client.do('sync', {})
  const [post] = alice.client.network.posts()
  expect(post?.isCurrent).toBe(true)
  const [oldest] = post?.boxes() ?? []
  if (oldest !== undefined) oldest.isCurrent = false
  expect(post?.isCurrent).toBe(false)
})

test('what a relay that is gone for good never took keeps no old keys, what others owe a word about does', async () => {
  const { alice, bob, conversation } = await world.pair()
  await world.stop(bob)
  const pair = alice.client.get(conversation)
  const old = pair.generation.id
  expect(await renew(alice, conversation)).toBe(true)
  const { clock, store } = pair.context
  const bytes = new Uint8Array(32)
  const inner = encodeInner({
    item: { case: 'back', value: { device: bytes, bundleHash: bytes, part: 0, parts: 1, bytes } },
  })
  const about = { conversation: pair.id, kind: 'back', inner, generation: old, createdAt: clock.now() } as const
  // Of two relays one has it; the other never answers again.
  await store.commit([{ put: 'outbox', row: withDeposit(outboxRow(about), 'a relay' as RelayId) }])
  const isKept = (): boolean => pair.generations.some(({ id }) => id === old)
  const look = (): Promise<unknown> => pair.lane.run(() => dropOld(pair, clock.now() + 100 * DAY_MS))
  await look()
  // The commit went under these keys, and Bob has not followed it.
  expect(isKept()).toBe(true)
  const waiting = await store.list('outbox', { prefix: [pair.id] })
  await store.commit(
    waiting
      .filter(({ kind }) => kind !== 'back')
      .map((row) => ({ delete: 'outbox', key: [pair.id, row.innerId] }) as const),
  )
  await look()
  expect(isKept()).toBe(false)
  expect(await store.list('outbox', { prefix: [pair.id] })).toEqual([])
})
