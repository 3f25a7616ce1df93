import type { ConversationId, TransportEvents } from '@sotto/interface'
import type { MemoryTransport } from '@sotto/testkit'
import { innerIdOf, toHex } from '@sotto/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groupOf, walksWithAdmin, type Walks } from '../../test/scenes.ts'
import { accountOf, texts, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { move } from '../conversation/move.ts'
import { newestReceipt } from '../conversation/newest-receipt.ts'
import { receive } from '../conversation/receive.ts'
import { rekeyGroup } from './commit-due.ts'
import { Control, type Kept } from './control.ts'
import { innerOf, signThing } from './say.ts'

let world: World
beforeEach(() => {
  // What is refused goes again after a while.
  world = new World({ speed: 20 })
})
afterEach(() => world.end())

/** Anna is connected with Ben and with Cleo, who are with nobody else: no relay answers any more, and topics lose everything. */
async function connectedByAnna(): Promise<Walks> {
  const scene = await walksWithAdmin(world)
  const { anna, ben, cleo } = scene
  for (const other of [ben, cleo]) await until(() => areConnected(anna, other))
  world.network.setRelay(world.relay.address, false)
  world.network.faults.noGossip = true
  return scene
}

function areConnected(one: Person, other: Person): boolean {
  const pair = one.client.pairWith(accountOf(other))
  return pair !== undefined && pair.outlet.isDirect(pair)
}

const isOut = (person: Person, conversation: string): boolean => groupOf(person, conversation).row.phase === 'out'

/** The things of a group's control log that a person has. */
const thingsAt = (person: Person, conversation: string): string[] => [
  ...(groupOf(person, conversation).control?.kept.keys() ?? []),
]

/** Whether nothing of the author's control chain waits in its outbox, after the reader has told it once more what it has. */
async function isAllReceived(author: Person, reader: Person, conversation: string): Promise<boolean> {
  const { length } = await texts(reader, conversation)
  await author.client.do('send', { conversation, text: 'for two' })
  await until(async () => (await texts(reader, conversation)).length > length)
  const rows = await author.store.list('outbox', { prefix: [conversation] })
  return rows.every(({ kind }) => kind !== 'commit' && kind !== 'control')
}

describe('somebody who is out', () => {
  test('is told by whoever is connected to it, when the one who did it is not and no relay answers', async () => {
    const { anna, ben, cleo, conversation } = await connectedByAnna()
    await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => isOut(cleo, conversation))
    await anna.client.do('send', { conversation, text: 'without Cleo' })
    await until(async () => (await texts(ben, conversation)).includes('without Cleo'))
    expect(await texts(cleo, conversation)).not.toContain('without Cleo')
    // What both are in goes on over that path.
    const pair = anna.client.pairWith(accountOf(cleo))?.id ?? ''
    await cleo.client.do('send', { conversation: pair, text: 'why?' })
    await until(async () => (await texts(anna, pair)).includes('why?'))
  })

  test('is told when it is connected again, of that only and of nothing later, though no relay keeps it', async () => {
    const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
    await world.stop(cleo)
    await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => groupOf(anna, conversation).peerDevices.length === 1)
    const group = groupOf(anna, conversation)
    const [leaving] = [...(group.control?.kept.values() ?? [])].filter(
      ({ thing: { body } }) => body.kind === 'commit' && body.removed.length > 0,
    )
    const past = group.control?.pastOf(leaving!.thing.id) ?? new Set()
    await anna.client.do('groupRename', { conversation, title: 'Walks for two' })
    await group.lane.run(() => rekeyGroup(group))
    await until(() => groupOf(ben, conversation).tip.epochId === group.tip.epochId)
    // All receipts are there: nobody puts there again what the relay loses.
    for (const [author, reader] of [
      [anna, ben],
      [ben, anna],
    ] as const)
      await until(() => isAllReceived(author, reader, conversation))
    world.relay.store.mailboxes.clear()
    world.network.faults.noGossip = true
    const back = await world.person('', { disk: cleo.disk })
    await until(() => isOut(back, conversation))
    const later = thingsAt(anna, conversation).filter((id) => !past.has(id as never))
    expect(later.length).toBeGreaterThan(0)
    expect(thingsAt(back, conversation).filter((id) => later.includes(id))).toEqual([])
    expect(groupOf(back, conversation).title).toBe('Walks')
  })
})

describe('told is also', () => {
  test.each(['the one who is connected', 'another one'])(
    'somebody who came in a moment ago and has said nothing since, by %s',
    async (by) => {
      const { anna, ben, conversation } = await connectedByAnna()
      world.network.setRelay(world.relay.address, true)
      const dora = await world.person('Dora')
      await world.meet(anna, dora)
      await until(() => areConnected(anna, dora))
      await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
      const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
      await dora.client.do('accept', { id: request.id })
      await until(() => groupOf(ben, conversation).peerDevices.length === 3)
      world.network.setRelay(world.relay.address, false)
      const remover = by === 'another one' ? ben : anna
      await remover.client.do('groupRemove', { conversation, account: accountOf(dora) })
      await until(() => dora.client.conversations.has(conversation) && isOut(dora, conversation))
      expect(areConnected(anna, dora)).toBe(true)
    },
  )

  test('somebody who could not take it at first', async () => {
    const { anna, ben, cleo, conversation } = await connectedByAnna()
    let refusals = 0
    const events = eventsOf(cleo)
    const { onEnvelope } = events
    events.onEnvelope = () => {
      refusals += 1
      return Promise.resolve(false)
    }
    await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => groupOf(anna, conversation).peerDevices.length === 1 && refusals > 1)
    events.onEnvelope = onEnvelope
    await until(() => isOut(cleo, conversation))
    expect(areConnected(anna, cleo)).toBe(true)
  })

  test('somebody who is back after a month, when the epochs that were are forgotten', async () => {
    const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
    await world.stop(cleo)
    await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => groupOf(anna, conversation).peerDevices.length === 1)
    world.clock.jump(31 * 86_400_000)
    await until(async () => {
      for (const [author, reader] of [
        [anna, ben],
        [ben, anna],
      ] as const)
        await isAllReceived(author, reader, conversation)
      return (await anna.store.list('epochs', { prefix: [conversation] })).length === 1
    })
    world.relay.store.mailboxes.clear()
    world.network.faults.noGossip = true
    const back = await world.person('', { disk: cleo.disk })
    await until(() => isOut(back, conversation))
    expect(await texts(back, conversation)).not.toContain('for two')
  })

  test('somebody to whom a member has said another thing than to the others', async () => {
    const { anna, ben, cleo, conversation } = await connectedByAnna()
    const group = groupOf(ben, conversation)
    const [forCleo, forAnna] = await Promise.all([twin(group, 0), twin(group, 1)])
    await world.stop(ben)
    await give(cleo, conversation, forCleo)
    // Until its receipt says so: in this place it has everything.
    const { device } = cleo.client.context.profile()
    const reach = async (): Promise<number> => {
      const receipt = await newestReceipt(anna.store, conversation as ConversationId, device)
      return receipt?.progress.find((entry) => toHex(entry.device) === forCleo.thing.device)?.control ?? 0
    }
    await until(async () => {
      await cleo.client.do('send', { conversation, text: 'here' })
      return (await reach()) >= forCleo.thing.seq
    })
    await give(anna, conversation, forAnna)
    await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => isOut(cleo, conversation))
    expect(thingsAt(cleo, conversation)).toEqual(expect.arrayContaining([forCleo.thing.id, forAnna.thing.id]))
  })

  test('somebody with many messages that nobody has: they end no path', async () => {
    const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
    for (const person of [anna, ben]) await world.stop(person)
    for (let at = 0; at < 100; at += 1) await cleo.client.do('send', { conversation, text: `note ${at}` })
    await until(async () => {
      const rows = await cleo.store.list('outbox', { prefix: [conversation] })
      // What is said in one go goes in one.
      return rows.reduce((sum, { firstSeq, lastSeq }) => sum + lastSeq - firstSeq + 1, 0) >= 100
    })
    await world.stop(cleo)
    world.relay.store.mailboxes.clear()
    const [annaAgain, benAgain] = [
      await world.person('', { disk: anna.disk }),
      await world.person('', { disk: ben.disk }),
    ]
    await benAgain.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => groupOf(annaAgain, conversation).peerDevices.length === 1)
    world.relay.store.mailboxes.clear()
    world.network.faults.noGossip = true
    const paths = pathsOf(annaAgain)
    const back = await world.person('', { disk: cleo.disk })
    await until(() => isOut(back, conversation))
    expect(paths()).toBe(1)
    expect(areConnected(annaAgain, back)).toBe(true)
  })

  test('once: who has been told is told nothing over the next path, and who is out for good takes and drops it', async () => {
    const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
    await world.stop(cleo)
    for (let at = 0; at < 70; at += 1) await anna.client.do('groupRename', { conversation, title: `Walks ${at}` })
    await until(() => groupOf(ben, conversation).title === 'Walks 69')
    await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
    await until(() => groupOf(anna, conversation).peerDevices.length === 1)
    const back = await world.person('', { disk: cleo.disk })
    await until(() => isOut(back, conversation) && areConnected(anna, back))
    const group = groupOf(back, conversation)
    await group.lane.run(() => move(group, 'over'))
    await world.stop(back)
    // Anna does not know any more what she has told.
    await world.stop(anna)
    const again = await world.person('', { disk: anna.disk })
    const paths = pathsOf(again)
    let count = 0
    world.network.faults.tamper = (envelope) => {
      count += 1
      return envelope
    }
    const last = await world.person('', { disk: cleo.disk })
    await until(() => count > 70)
    await world.stop(last)
    count = 0
    const next = await world.person('', { disk: cleo.disk })
    const pair = again.client.pairWith(accountOf(cleo))?.id ?? ''
    await next.client.do('send', { conversation: pair, text: 'hello' })
    await until(async () => (await texts(again, pair)).includes('hello'))
    expect(count).toBeLessThan(70)
    expect(paths()).toBe(2)
  })
})

/** A thing of its chain, of which there may be several in the next place. */
function twin(group: Conversation, mark: number): Promise<Kept> {
  const { log } = group.control ?? Control.empty
  const attachment = Uint8Array.of(mark)
  return signThing(group.context, { conversation: group.id, log, said: { case: 'ack', value: {} }, attachment })
}

async function give(person: Person, conversation: string, kept: Kept): Promise<void> {
  const group = groupOf(person, conversation)
  const inner = innerOf(kept)
  await group.lane.run(() => receive(group, innerIdOf(inner), inner, { via: 'mailbox' }))
}

function eventsOf({ transport }: Person): TransportEvents {
  const { events } = transport as MemoryTransport
  if (events === undefined) throw new Error('not online')
  return events
}

/** How many direct paths have begun since then. */
function pathsOf(person: Person): () => number {
  const events = eventsOf(person)
  const { onSession } = events
  let count = 0
  events.onSession = (session) => {
    count += 1
    onSession(session)
  }
  return () => count
}

test('what the other end could not take goes again over the same path', async () => {
  const { anna, cleo, conversation } = await connectedByAnna()
  let lost = 0
  world.network.faults.tamper = (envelope) => ((lost += 1) <= 3 ? undefined : envelope)
  await cleo.client.do('send', { conversation, text: 'at last' })
  await until(async () => (await texts(anna, conversation)).includes('at last'))
  expect(lost).toBeGreaterThan(3)
  expect(areConnected(anna, cleo)).toBe(true)
})
