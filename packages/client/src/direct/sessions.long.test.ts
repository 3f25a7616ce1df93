import type { ConversationId, TransportEvents } from '@sotto/interface'
import type { MemoryTransport } from '@sotto/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  // What is refused goes again after a while.
  world = new World({ speed: 20 })
})
afterEach(() => world.end())

/** Two people on a direct path, when no relay answers any more and topics lose everything. */
async function onlyDirect(
  groups = 0,
): Promise<{ alice: Person; bob: Person; conversations: readonly [ConversationId, ...ConversationId[]] }> {
  const { alice, bob, conversation } = await world.pair()
  const conversations: [ConversationId, ...ConversationId[]] = [conversation]
  for (let at = 0; at < groups; at += 1) conversations.push(await world.group(`Group ${at}`, alice, [bob]))
  const pair = alice.client.get(conversation)
  await until(() => pair.outlet.isDirect(pair))
  world.network.setRelay(world.relay.address, false)
  world.network.faults.noGossip = true
  return { alice, bob, conversations }
}

function eventsOf({ transport }: Person): TransportEvents {
  const { events } = transport as MemoryTransport
  if (events === undefined) throw new Error('not online')
  return events
}

test('more than are on their way at once all come, in order', async () => {
  const { alice, bob, conversations } = await onlyDirect()
  const [conversation] = conversations
  const said = Array.from({ length: 60 }, (_, at) => `message ${at}`)
  for (const text of said) await alice.client.do('send', { conversation, text })
  const here = async (): Promise<string[]> => (await texts(bob, conversation)).filter((text) => said.includes(text))
  await until(async () => (await here()).length === said.length)
  expect(await here()).toEqual(said)
})

test('large items of several conversations at once all come: the other end keeps only so many in part', async () => {
  const { alice, bob, conversations } = await onlyDirect(2)
  const words = 'word '.repeat(3_250)
  const said = Array.from({ length: 40 }, (_, at) => `${at} ${words}`)
  await Promise.all(
    said.flatMap((text) => conversations.map((conversation) => alice.client.do('send', { conversation, text }))),
  )
  for (const conversation of conversations)
    await until(
      async () => (await texts(bob, conversation)).filter((text) => text.endsWith(words)).length === said.length,
    )
  const pair = alice.client.get(conversations[0])
  expect(pair.outlet.isDirect(pair)).toBe(true)
})

test('one item that the other end cannot keep holds up no other one', async () => {
  const { alice, bob, conversations } = await onlyDirect()
  const [conversation] = conversations
  const { commit } = bob.store
  let failed = 0
  bob.store.commit = (changes) => {
    const isTheOne = changes.some(
      (change) => 'put' in change && change.put === 'events' && Buffer.from(change.row.body).includes('a bad one'),
    )
    if (!isTheOne) return commit.call(bob.store, changes)
    failed += 1
    return Promise.reject(new Error('that row is bad'))
  }
  await alice.client.do('send', { conversation, text: 'the first' })
  await until(async () => (await texts(bob, conversation)).includes('the first'))
  await alice.client.do('send', { conversation, text: 'a bad one' })
  await until(() => failed > 0)
  const events = async (): Promise<number> =>
    (await bob.store.list('events', { prefix: [conversation, alice.client.context.profile().device] })).length
  const before = await events()
  for (const text of ['one', 'two', 'three']) await alice.client.do('send', { conversation, text })
  await until(async () => (await events()) >= before + 3)
  bob.store.commit = commit
  await until(async () => (await texts(bob, conversation)).includes('three'))
  expect((await texts(bob, conversation)).slice(-4)).toEqual(['a bad one', 'one', 'two', 'three'])
})

test('whoever takes nothing, and speaks, draws no more than one item after each wait, and the path stays', async () => {
  const { alice, bob, conversations } = await onlyDirect()
  const [conversation] = conversations
  const events = eventsOf(bob)
  const { onEnvelope } = events
  let refused = 0
  let ended = 0
  events.onEnvelope = () => {
    refused += 1
    return Promise.resolve(false)
  }
  const { onSessionEnd } = events
  events.onSessionEnd = (session) => {
    ended += 1
    onSessionEnd(session)
  }
  for (let at = 0; at < 30; at += 1) await alice.client.do('send', { conversation, text: `a${at}` })
  for (let at = 0; at < 10; at += 1) {
    await bob.client.do('send', { conversation, text: `b${at}` })
    await until(async () => (await texts(alice, conversation)).includes(`b${at}`))
  }
  // Those on their way when the first was refused, and one after each wait.
  expect(refused).toBeLessThan(16 + 10 + 10)
  expect(ended).toBe(0)
  events.onEnvelope = onEnvelope
  await until(async () => (await texts(bob, conversation)).includes('a29'))
})
