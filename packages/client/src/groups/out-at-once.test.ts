import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walks } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const phaseOf = (person: Person, conversation: string): string | undefined =>
  person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)?.phase

async function remove(by: Person, person: Person, conversation: string): Promise<void> {
  await by.client.do('groupRemove', { conversation, account: accountOf(person) })
  await until(() => phaseOf(person, conversation) === 'ended')
}

async function addAgain(by: Person, person: Person, conversation: string): Promise<void> {
  await by.client.do('groupAdd', { conversation, account: accountOf(person) })
  const request = await until(() => person.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await person.client.do('accept', { id: request.id })
  await until(() => phaseOf(person, conversation) === 'active')
}

test('two who are out at the same time owe each other nothing of before, and wait for nothing', async () => {
  const { anna, ben, cleo, conversation } = await walks(world)
  for (const [person, text] of [
    [ben, 'Ben, before'],
    [cleo, 'Cleo, before'],
  ] as const) {
    await person.client.do('send', { conversation, text })
    for (const other of [anna, ben, cleo]) await until(async () => (await texts(other, conversation)).includes(text))
  }
  // Ben sees neither Cleo's going nor her coming.
  await remove(anna, ben, conversation)
  await world.stop(ben)
  await remove(anna, cleo, conversation)
  await addAgain(anna, cleo, conversation)
  const back = await world.person('Ben', { disk: ben.disk })
  await addAgain(anna, back, conversation)
  for (const person of [anna, back, cleo]) await until(() => membersIn(person, conversation).length === 3)

  const device = (person: Person) => person.client.context.profile().device
  const { state } = groupOf(back, conversation)
  const [hers, annas] = [cleo, anna].map((person) => state.devices.find((one) => one.device === device(person)))
  expect(hers).toMatchObject({ live: true, begins: state.sealed.seq })
  expect(annas?.begins).toBeUndefined()
  await back.client.do('send', { conversation, text: 'Ben, again' })
  await until(async () => (await texts(cleo, conversation)).includes('Ben, again'))
  const { rows } = await cleo.client.do('messages', { conversation, limit: 100 })
  expect(rows.filter((row) => 'missing' in row)).toEqual([])
})
