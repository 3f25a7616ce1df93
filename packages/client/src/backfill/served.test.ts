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

test('of somebody who does not come back, the others get what one of them has', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['one', 'two', 'three'])
  await reach(ben, conversation, words)
  await says(ben, conversation, 'have you read that?')
  await reads(anna, conversation, 'three')
  const said = await texts(anna, conversation)
  expect(said.slice(-4)).toEqual(['one', 'two', 'three', 'have you read that?'])
  expect(said).toEqual(await texts(ben, conversation))
  // Each as its author has signed it, and as whoever had it first has it.
  const device = cleo.client.context.profile().device
  const [hers, his] = [anna, ben].map(({ store }) => store.list('events', { prefix: [conversation, device] }))
  const kept = ({ header, salt, body, proof }: { header: unknown; salt: unknown; body: unknown; proof: unknown }) => ({
    header,
    salt,
    body,
    proof,
  })
  expect((await hers)?.map(kept)).toEqual((await his)?.map(kept))
  expect((await hers)?.slice(-3).map(({ via }) => via)).toEqual(['sync', 'sync', 'sync'])
  // The key that was for that is gone.
  await until(async () => (await anna.store.get('keyPackages', [`ask ${conversation}`])) === undefined)
})

test('of somebody who was removed too, though nobody has said a word about it', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['my last'])
  await reach(ben, conversation, words)
  await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
  await until(() => membersIn(ben, conversation).join() === 'Anna,Ben')
  await reads(anna, conversation, 'my last')
  expect(await texts(anna, conversation)).toEqual(await texts(ben, conversation))
})

test('whoever comes back after all finds that it is there, once, and that it was delivered', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['here I was'])
  await reach(ben, conversation, words)
  await says(ben, conversation, 'where is she?')
  await reads(anna, conversation, 'here I was')
  const back = await world.person('Cleo', { disk: cleo.disk })
  await until(async () => {
    const { rows } = await back.client.do('messages', { conversation, limit: 100 })
    return rows.some((row) => 'text' in row && row.text === 'here I was' && row.state === 'delivered')
  })
  await says(back, conversation, 'here I am')
  await reads(anna, conversation, 'here I am')
  for (const person of [anna, ben, back]) {
    const said = await texts(person, conversation)
    expect(said.slice(-3)).toEqual(['here I was', 'where is she?', 'here I am'])
  }
})

test('whoever has it and is killed before its answer has left gives it when it is back', async () => {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await heard(scene)
  const words = await lastWords(world, cleo, conversation, ['nearly lost'])
  await reach(ben, conversation, words)
  await ben.client.do('send', { conversation, text: 'wait for it', wait: 'sent', timeout: 60_000 })
  const group = groupOf(ben, conversation)
  // Its relay takes nothing from here on; it is asked, and answers into its outbox.
  for (const post of ben.client.network.posts(group)) post.deposit = () => Promise.resolve()
  await until(async () =>
    (await ben.store.list('outbox', { prefix: [conversation] })).some(({ kind }) => kind === 'served'),
  )
  await world.stop(ben)
  expect(await texts(anna, conversation)).not.toContain('nearly lost')
  await world.person('Ben', { disk: ben.disk })
  await reads(anna, conversation, 'nearly lost')
})
