import { refuse } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
  world.network.faults.noDirect = true
})
afterEach(() => world.end())

/** Bob's hello is at the relay, and his process dies before he has noted it. */
async function diedAfterHello(): Promise<{ alice: Person; bob: Person }> {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { link } = await alice.client.do('invite', {})
  const { commit } = bob.store
  bob.store.commit = async (changes) => {
    if (changes.some((change) => 'delete' in change && change.delete === 'outbox')) throw new Error('power cut')
    return commit.call(bob.store, changes)
  }
  await expect(bob.client.do('join', { link, message: 'hello' })).rejects.toThrow('power cut')
  await world.stop(bob)
  return { alice, bob }
}

async function accept(alice: Person): Promise<string> {
  const request = await until(() => alice.client.snapshot.get().requests[0])
  const { conversation } = await alice.client.do('accept', { id: request.id })
  await alice.client.do('send', { conversation, text: 'welcome', wait: 'sent', timeout: 10_000 })
  return conversation
}

test('a hello that was answered before its sender had noted it leads to a conversation', async () => {
  const { alice, bob } = await diedAfterHello()
  const conversation = await accept(alice)
  const back = await world.person('Bob', { disk: bob.disk })
  await until(async () => (await texts(back, conversation)).includes('welcome'))
  await until(() => back.client.snapshot.get().conversations[0]?.phase === 'active')
  await back.client.do('sync', {})
  expect(back.client.snapshot.get().conversations[0]?.phase).toBe('active')
})

test('such a hello is not given up because its invitation has expired meanwhile', async () => {
  const { alice, bob } = await diedAfterHello()
  const conversation = await accept(alice)
  world.clock.jump(8 * 86_400_000)
  const back = await world.person('Bob', { disk: bob.disk })
  await until(() => back.client.snapshot.get().conversations[0]?.phase === 'active')
  await until(async () => (await texts(back, conversation)).includes('welcome'))
  expect(back.client.snapshot.get().conversations).toHaveLength(1)
})

test('a hello that nobody can answer any more is erased for good', async () => {
  const { bob } = await diedAfterHello()
  world.clock.jump(8 * 86_400_000)
  const back = await world.person('Bob', { disk: bob.disk })
  const [conversation] = back.client.conversations.values()
  await until(async () => (await back.store.list('conversations')).length === 0)
  expect(back.client.conversations.size).toBe(0)
  // Whatever was under way for it.
  await conversation?.lane.run(() => conversation.step({ type: 'relays', count: 3 }))
  expect(await back.store.list('conversations')).toEqual([])
  expect(await back.store.list('outbox')).toEqual([])
})

test('a hello whose storing was not confirmed is said again, not forgotten', async () => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { link } = await alice.client.do('invite', {})
  const relay = bob.transport.relay(world.relay.address)
  const { put } = relay
  let lost = 1
  relay.put = async (...ask) => {
    const done = await put(...ask)
    lost -= 1
    return lost >= 0 ? refuse('unreachable') : done
  }
  const { conversation } = await bob.client.do('join', { link, message: 'hello' })
  expect(await accept(alice)).toBe(conversation)
  await until(async () => (await texts(bob, conversation)).includes('welcome'))
})
