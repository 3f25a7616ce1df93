import type { Address, ConversationId } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../test/world.ts'

/** Three seconds of the world are one here. */
const SPEED = 3
/** Long before relays count as silent, which is after 30 s. */
const SOON = 20_000

let world: World
beforeEach(() => {
  world = new World({ speed: SPEED })
})
afterEach(() => world.end())

/** Two people with two relays, whose devices hold each other's head records. */
async function pairWithTwo(): Promise<{
  alice: Person
  bob: Person
  conversation: ConversationId
  other: Address
}> {
  const other = world.network.addRelay().address
  const alice = await world.person('Alice')
  await alice.client.do('setRelays', { relays: [world.relay.address, other] })
  const bob = await world.person('Bob')
  const conversation = await world.meet(alice, bob)
  for (const { client } of [alice, bob])
    await client.do('send', { conversation, text: 'hi', wait: 'delivered', timeout: SOON })
  return { alice, bob, conversation, other }
}

function stageOf({ client }: Person, conversation: ConversationId): string {
  return client.get(conversation).state.rollback.stage
}

test('a device that starts while one of two relays is dead delivers within seconds, and the dead one gets what it is owed', async () => {
  const { alice, bob, conversation, other } = await pairWithTwo()
  await world.stop(alice)
  world.network.setRelay(other, false)
  const began = world.clock.monotonic()
  const back = await world.person('Alice', { disk: alice.disk })
  const sent = await back.client.do('send', { conversation, text: 'here', wait: 'delivered', timeout: SOON })
  expect(sent.state).toBe('delivered')
  expect(world.clock.monotonic() - began).toBeLessThan(SOON)
  expect(await texts(bob, conversation)).toContain('here')
  const owed = async (): Promise<number> => (await back.store.list('outbox', { prefix: [conversation] })).length
  expect(await owed()).toBeGreaterThan(0)
  world.network.setRelay(other, true)
  await until(async () => (await owed()) === 0)
})

test('with nobody else there it seals nothing until both relays were read: then what waits goes out', async () => {
  const { alice, bob, conversation, other } = await pairWithTwo()
  await world.stop(alice)
  world.network.faults.noDirect = true
  world.network.setRelay(other, false)
  const back = await world.person('Alice', { disk: alice.disk })
  const { message } = await back.client.do('send', { conversation, text: 'waits', wait: 'queued' })
  await until(() => back.client.network.posts(back.client.get(conversation)).some((post) => post.isCurrent))
  expect(stageOf(back, conversation)).toBe('checking')
  world.network.setRelay(other, true)
  await until(() =>
    back.facts.some((fact) => fact.type === 'state' && fact.message === message && fact.state === 'sent'),
  )
  await until(async () => (await texts(bob, conversation)).includes('waits'))
})

test.each(['the other person', 'the other relay'])(
  'an old copy that finds the other one of two relays dead is found out by %s',
  async (witness) => {
    const { alice, bob, conversation, other } = await pairWithTwo()
    await world.stop(alice)
    const copy = alice.disk.copy()
    world.network.setRelay(other, false)
    const newer = await world.person('Alice', { disk: alice.disk })
    await newer.client.do('send', { conversation, text: 'from the newer one', wait: 'delivered', timeout: SOON })
    await world.stop(newer)
    world.network.setRelay(other, true)
    world.network.setRelay(world.relay.address, false)
    world.network.faults.noDirect = witness === 'the other relay'
    const older = await world.person('Alice', { disk: copy })
    await older.client.do('send', { conversation, text: 'from the past', wait: 'queued' })
    if (witness === 'the other relay') {
      await until(() => older.client.network.posts(older.client.get(conversation)).some((post) => post.isCurrent))
      expect(stageOf(older, conversation)).toBe('checking')
      world.network.setRelay(world.relay.address, true)
    }
    await until(() => older.facts.find((fact) => fact.type === 'notice' && fact.name === 'device-retired'))
    expect(older.client.get(conversation).state.sealed.seq).toBeLessThan(
      bob.client.get(conversation).state.devices.find(({ device }) => device === older.client.context.profile().device)
        ?.head.seq ?? 0,
    )
    expect(await texts(bob, conversation)).not.toContain('from the past')
  },
)
