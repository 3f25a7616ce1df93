import { roster } from '@sotto/group'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walksWithAdmin } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import { rekeyGroup } from './commit-due.ts'

// Anybody commits: what happens when the first in turn is away, and when two do at once.

let world: World
beforeEach(() => {
  // Waiting for one's turn takes a second.
  world = new World({ speed: 20 })
  world.network.faults.noDirect = true
})
afterEach(() => world.end())

function setRelay(isUp: boolean): void {
  world.network.setRelay(world.relay.address, isUp)
}

/** Waits until all of them are in one epoch. */
async function agree(people: readonly Person[], conversation: string): Promise<void> {
  await until(() => new Set(people.map((person) => groupOf(person, conversation).tip.epochId)).size === 1)
  await until(() => people.every((person) => !groupOf(person, conversation).isRekeying))
}

test('while the founder is away somebody leaves, another changes the keys, and the group goes on', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  await ben.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests[0])
  await dora.client.do('accept', { id: request.id })
  for (const person of [anna, cleo, dora]) await until(() => membersIn(person, conversation).length === 4)
  await world.stop(anna)
  await cleo.client.do('groupLeave', { conversation })
  await until(() => membersIn(ben, conversation).join() === 'Anna,Ben,Dora')
  await ben.client.do('send', { conversation, text: 'without Cleo' })
  await until(async () => (await texts(dora, conversation)).includes('without Cleo'))
  const back = await world.person('Anna', { disk: anna.disk })
  await until(async () => (await texts(back, conversation)).includes('without Cleo'))
  await agree([back, ben, dora], conversation)
  for (const person of [back, ben, dora]) expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Dora'])
})

test('two who change the keys at once agree on one change, and read what was written in both', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  await agree([anna, ben, cleo], conversation)
  setRelay(false)
  for (const person of [anna, ben]) {
    const group = groupOf(person, conversation)
    expect(await group.lane.run(() => rekeyGroup(group))).toBe(true)
    // Sealed in its own epoch, whether or not it can leave.
    await person.client.do('send', { conversation, text: `by ${accountOf(person)}` })
    await group.lane.run(() => group.step({ type: 'seal-due' }))
  }
  expect(groupOf(anna, conversation).tip.epochId).not.toBe(groupOf(ben, conversation).tip.epochId)
  setRelay(true)
  await agree([anna, ben, cleo], conversation)
  for (const person of [anna, ben, cleo])
    for (const author of [anna, ben])
      await until(async () => (await texts(person, conversation)).includes(`by ${accountOf(author)}`))
  await cleo.client.do('send', { conversation, text: 'one again' })
  for (const person of [anna, ben]) await until(async () => (await texts(person, conversation)).includes('one again'))
})

test('of a branch that is given up, what its author has sealed is read by others, and needs no word of the author', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  await agree([anna, ben, cleo], conversation)
  await world.stop(anna)
  const group = groupOf(ben, conversation)
  expect(await group.lane.run(() => rekeyGroup(group))).toBe(true)
  await ben.client.do('send', { conversation, text: 'my last words', wait: 'sent', timeout: 60_000 })
  await ben.client.do('sync', {})
  await world.stop(ben)
  const back = await world.person('Anna', { disk: anna.disk, offline: true })
  const hers = groupOf(back, conversation)
  // The founder's comes first in the order, whoever was earlier.
  expect(await hers.lane.run(() => rekeyGroup(hers))).toBe(true)
  const given = hers.tip.epochId
  await back.client.start()
  await until(async () => (await texts(back, conversation)).includes('my last words'))
  await until(async () => (await texts(cleo, conversation)).includes('my last words'))
  await until(() => groupOf(cleo, conversation).tip.epochId === given)
  expect(groupOf(back, conversation).tip.epochId).toBe(given)
})

test('whoever came in on a branch that is given up is in all the same', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  await agree([anna, ben, cleo], conversation)
  await world.stop(anna)
  await ben.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests[0])
  await dora.client.do('accept', { id: request.id })
  await until(() => membersIn(dora, conversation).length === 4)
  const first = groupOf(dora, conversation).tip.epochId
  const back = await world.person('Anna', { disk: anna.disk, offline: true })
  const hers = groupOf(back, conversation)
  expect(await hers.lane.run(() => rekeyGroup(hers))).toBe(true)
  await back.client.start()
  await agree([back, ben, cleo, dora], conversation)
  const group = groupOf(dora, conversation)
  expect(group.tip.epochId).not.toBe(first)
  expect(group.control?.view.path).not.toContain(first)
  expect(roster(groupOf(back, conversation).tip).map(({ account }) => account)).toContain(accountOf(dora))
  await dora.client.do('send', { conversation, text: 'I am in' })
  for (const person of [back, ben, cleo])
    await until(async () => (await texts(person, conversation)).includes('I am in'))
  await back.client.do('send', { conversation, text: 'so you are' })
  await until(async () => (await texts(dora, conversation)).includes('so you are'))
})

test('who comes in beside a branch hears whoever has made it', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const dora = await world.person('Dora')
  await world.meet(anna, dora)
  await agree([anna, ben, cleo], conversation)
  await world.stop(ben)
  await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests[0])
  await dora.client.do('accept', { id: request.id })
  await until(() => membersIn(dora, conversation).length === 4)
  const back = await world.person('Ben', { disk: ben.disk, offline: true })
  const his = groupOf(back, conversation)
  expect(await his.lane.run(() => rekeyGroup(his))).toBe(true)
  await back.client.start()
  await agree([anna, back, cleo, dora], conversation)
  await back.client.do('groupRename', { conversation, title: 'Runs' })
  await back.client.do('send', { conversation, text: 'hello Dora' })
  for (const person of [anna, cleo, dora]) {
    await until(() => groupOf(person, conversation).title === 'Runs')
    await until(async () => (await texts(person, conversation)).includes('hello Dora'))
  }
})

test('whoever was removed by somebody who was out by then is in again', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  await agree([anna, ben, cleo], conversation)
  await world.stop(anna)
  await ben.client.do('groupRemove', { conversation, account: accountOf(cleo) })
  await until(() => groupOf(cleo, conversation).isOver)
  await expect(cleo.client.do('send', { conversation, text: 'hello?' })).rejects.toMatchObject({ code: 'ended' })
  const back = await world.person('Anna', { disk: anna.disk, offline: true })
  await back.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await back.client.start()
  await until(() => groupOf(ben, conversation).isOver)
  await until(() => !groupOf(cleo, conversation).isOver)
  await agree([back, cleo], conversation)
  for (const person of [back, cleo]) expect(membersIn(person, conversation)).toEqual(['Anna', 'Cleo'])
  await cleo.client.do('send', { conversation, text: 'here I am' })
  await until(async () => (await texts(back, conversation)).includes('here I am'))
  await back.client.do('send', { conversation, text: 'so you are', wait: 'delivered', timeout: 100_000 })
})

test('of a long branch beside the path eight epochs are kept, and everybody goes on', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  await agree([anna, ben, cleo], conversation)
  await world.stop(anna)
  const group = groupOf(ben, conversation)
  const made: string[] = []
  for (let count = 0; count < 10; count += 1) {
    expect(await group.lane.run(() => rekeyGroup(group))).toBe(true)
    made.push(group.tip.epochId)
  }
  await ben.client.do('sync', {})
  const back = await world.person('Anna', { disk: anna.disk, offline: true })
  const hers = groupOf(back, conversation)
  expect(await hers.lane.run(() => rekeyGroup(hers))).toBe(true)
  await back.client.start()
  await agree([back, ben, cleo], conversation)
  const kept = async (): Promise<number> =>
    (await back.store.list('epochs')).filter(({ epochId }) => made.includes(epochId)).length
  await until(async () => (await kept()) === 8)
  await ben.client.do('send', { conversation, text: 'all together', wait: 'delivered', timeout: 200_000 })
  expect(await kept()).toBeLessThanOrEqual(8)
})
