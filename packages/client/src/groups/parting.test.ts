import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groupOf, walksWithAdmin, type Walks } from '../../test/scenes.ts'
import { accountOf, texts, until, World, type Person } from '../../test/world.ts'
import { rekeyGroup } from './commit-due.ts'

let world: World
beforeEach(() => {
  // What was refused goes again after ten seconds.
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

test('what the other end could not take goes again over the same path', async () => {
  const { anna, cleo, conversation } = await connectedByAnna()
  let lost = 0
  world.network.faults.tamper = (envelope) => ((lost += 1) <= 3 ? undefined : envelope)
  await cleo.client.do('send', { conversation, text: 'at last' })
  await until(async () => (await texts(anna, conversation)).includes('at last'))
  expect(lost).toBeGreaterThan(3)
  expect(areConnected(anna, cleo)).toBe(true)
})
