import type { Rows } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lastWords, reach } from '../../test/given-to-some.ts'
import { groupOf, walks, type Walks } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

// What somebody gave to some only, who is gone: the others get it from those who have it.

let world: World
beforeEach(() => {
  // Asking takes seconds, leaving it to others too.
  world = new World({ speed: 60 })
  world.network.faults.noDirect = true
})
afterEach(() => world.end())

async function says(person: Person, conversation: string, text: string): Promise<void> {
  await person.client.do('send', { conversation, text })
}

async function reads(person: Person, conversation: string, text: string): Promise<void> {
  await until(async () => (await texts(person, conversation)).includes(text))
}

/** Everybody has heard everybody. */
async function heard({ anna, ben, cleo, conversation }: Walks): Promise<void> {
  for (const person of [anna, ben, cleo]) {
    await says(person, conversation, `from ${accountOf(person)}`)
    for (const other of [anna, ben, cleo]) await reads(other, conversation, `from ${accountOf(person)}`)
  }
}

test('of somebody who does not come back, the others get what one of them has, though that one is killed; and once, when she is back after all', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['one', 'two', 'three'])
  await reach(ben, conversation, words)
  await ben.client.do('send', { conversation, text: 'have you read that?', wait: 'sent', timeout: 60_000 })
  // Its relay takes nothing from here on: it is asked, and answers into its outbox.
  for (const post of ben.client.network.posts(groupOf(ben, conversation))) post.deposit = () => Promise.resolve()
  await until(async () =>
    (await ben.store.list('outbox', { prefix: [conversation] })).some(({ kind }) => kind === 'served'),
  )
  await world.stop(ben)
  expect(await texts(anna, conversation)).not.toContain('three')
  const again = await world.person('Ben', { disk: ben.disk })
  await reads(anna, conversation, 'three')
  const said = await texts(anna, conversation)
  expect(said.slice(-4)).toEqual(['one', 'two', 'three', 'have you read that?'])
  expect(said).toEqual(await texts(again, conversation))
  await sameBytes(anna, again, cleo, conversation)
  // The key that was for that is gone.
  await until(async () => (await anna.store.get('keyPackages', [`ask ${conversation}`])) === undefined)

  const back = await world.person('Cleo', { disk: cleo.disk })
  await until(async () => {
    const { rows } = await back.client.do('messages', { conversation, limit: 100 })
    return rows.some((row) => 'text' in row && row.text === 'three' && row.state === 'delivered')
  })
  await says(back, conversation, 'here I am')
  for (const person of [anna, again, back]) {
    await reads(person, conversation, 'here I am')
    expect(await texts(person, conversation)).toEqual([...said, 'here I am'])
  }
})

test('of somebody who was removed too, though nobody has said a word about it; and whoever comes in then misses nothing', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['my last'])
  await reach(ben, conversation, words)
  for (const post of ben.client.network.posts(groupOf(ben, conversation))) post.deposit = () => Promise.resolve()
  await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
  const dora = await world.person('Dora')
  await world.meet(anna, dora)
  // Anna lets her in, who does not know what Cleo has said.
  await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await dora.client.do('accept', { id: request.id })
  await until(() => membersIn(dora, conversation).join() === 'Anna,Ben,Dora')
  expect(await texts(anna, conversation)).not.toContain('my last')
  await world.stop(ben)
  const back = await world.person('Ben', { disk: ben.disk })
  await reads(anna, conversation, 'my last')
  await until(() => membersIn(back, conversation).join() === 'Anna,Ben,Dora')
  await says(back, conversation, 'she was nice')
  for (const person of [anna, dora]) await reads(person, conversation, 'she was nice')
  expect(await texts(anna, conversation)).toEqual(await texts(back, conversation))
  const { rows } = await dora.client.do('messages', { conversation, limit: 100 })
  expect(rows.map((row) => ('text' in row ? row.text : row))).toEqual(['she was nice'])
  expect(groupOf(dora, conversation).state.devices.map(({ held }) => held.length)).toEqual([0, 0, 0, 0])
})

/** Each event as its author has signed it, and as whoever had it first has it. */
async function sameBytes(one: Person, other: Person, author: Person, conversation: string): Promise<void> {
  const prefix = [conversation, author.client.context.profile().device] as const
  const [hers, his] = [await one.store.list('events', { prefix }), await other.store.list('events', { prefix })]
  const signed = ({ header, salt, body, proof }: Rows['events']) => ({ header, salt, body, proof })
  expect(hers.map(signed)).toEqual(his.map(signed))
  expect(hers.slice(-3).map(({ via }) => via)).toEqual(['sync', 'sync', 'sync'])
}
