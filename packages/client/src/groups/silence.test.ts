import type { ConversationId } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { View } from '@sotto/group'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

const DAY_MS = 86_400_000

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Anna's group with Ben and Cleo, in which everybody has heard everybody and agreed to where they are. */
async function settled(): Promise<{ anna: Person; ben: Person; cleo: Person; conversation: string }> {
  const [anna, ben, cleo] = [await world.person('Anna'), await world.person('Ben'), await world.person('Cleo')]
  await world.meet(anna, ben)
  await world.meet(anna, cleo)
  const conversation = await world.group('Walks', anna, [ben, cleo])
  for (const person of [anna, ben, cleo]) {
    const text = `from ${accountOf(person)}`
    await person.client.do('send', { conversation, text })
    for (const other of [anna, ben, cleo]) await until(async () => (await texts(other, conversation)).includes(text))
  }
  for (const person of [anna, ben, cleo])
    await until(() => viewOf(person, conversation).final === viewOf(anna, conversation).tip)
  return { anna, ben, cleo, conversation }
}

function viewOf(person: Person, conversation: string): View {
  const { control } = person.client.get(conversation)
  if (control === undefined) throw new Error('no control log')
  return control.view
}

function saidIn(person: Person, conversation: string, kind: string): number {
  const things = [...(person.client.get(conversation).control?.kept.values() ?? [])]
  return things.filter(({ thing }) => thing.body.kind === kind).length
}

/** Days go by for those who are there: once a week the relay is reached anew. */
async function daysPass(days: number, there: readonly Person[]): Promise<void> {
  for (let left = days; left > 0; left -= 7) {
    world.clock.jump(Math.min(7, left) * DAY_MS)
    world.network.setRelay(world.relay.address, false)
    world.network.setRelay(world.relay.address, true)
    for (const { client } of there)
      await until(() => client.network.posts().every((post) => post.isCurrent) && !client.network.isBusy)
  }
}

function includesAll(there: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((text) => there.includes(text))
}

/** Weeks go by until something is so. */
async function weeksPass(there: readonly Person[], isSo: () => boolean): Promise<void> {
  for (let weeks = 0; !isSo(); weeks += 1) {
    if (weeks > 12) throw new Error('a quarter of a year went by in vain')
    await daysPass(7, there)
  }
}

async function hasLine(person: Person, conversation: string, line: string): Promise<boolean> {
  const view = person.client.conversation(conversation as ConversationId)
  const off = view.subscribe(() => {})
  try {
    await until(() => view.get().rows.some((row) => 'line' in row && row.line === line))
    return true
  } finally {
    off()
  }
}

test('away for 29 days: nobody is set aside, and everything is followed', async () => {
  const { anna, ben, cleo, conversation } = await settled()
  await world.stop(cleo)
  await daysPass(29, [anna, ben])
  await anna.client.do('send', { conversation, text: 'where are you?' })
  expect(saidIn(anna, conversation, 'attest') + saidIn(ben, conversation, 'attest')).toBe(0)
  const back = await world.person('', { disk: cleo.disk })
  await until(async () => (await texts(back, conversation)).includes('where are you?'))
  await until(() => viewOf(back, conversation).tip === viewOf(anna, conversation).tip)
  expect(membersIn(back, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
})

test('away for longer: the others set the device aside, its account stays, and the keys are changed', async () => {
  const { anna, ben, cleo, conversation } = await settled()
  await world.stop(cleo)
  await daysPass(30, [anna, ben])
  expect(viewOf(anna, conversation).tree).toHaveLength(3)
  await weeksPass([anna, ben], () => viewOf(ben, conversation).tree.length === 2)
  for (const person of [anna, ben]) {
    expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben'])
    const summary = person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)
    expect(summary?.members).toContainEqual({ account: accountOf(cleo), name: 'Cleo', role: 'member', state: 'away' })
    expect(await hasLine(person, conversation, 'device-set-aside')).toBe(true)
  }
  await ben.client.do('send', { conversation, text: 'only us' })
  await until(async () => (await texts(anna, conversation)).includes('only us'))
})

test('set aside, a device comes back by itself, and gets what was said without it', async () => {
  const { anna, ben, cleo, conversation } = await settled()
  await cleo.client.do('send', { conversation, text: 'off I go' })
  await until(async () => (await texts(ben, conversation)).includes('off I go'))
  await world.stop(cleo)
  await ben.client.do('send', { conversation, text: 'before' })
  await daysPass(30, [anna, ben])
  expect(viewOf(anna, conversation).tree).toHaveLength(3)
  await weeksPass([anna, ben], () => viewOf(ben, conversation).tree.length === 2)
  await anna.client.do('send', { conversation, text: 'without Cleo' })
  const back = await world.person('', { disk: cleo.disk })
  await back.client.do('send', { conversation, text: 'I was away' })
  await until(() => membersIn(back, conversation).join() === 'Anna,Ben,Cleo')
  const all = ['before', 'without Cleo', 'I was away']
  for (const person of [anna, ben, back]) await until(async () => includesAll(await texts(person, conversation), all))
  for (const person of [anna, ben, back]) {
    expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
    expect(await hasLine(person, conversation, 'device-back')).toBe(true)
  }
})

test('a clock that is set forward by a year calls nobody silent', async () => {
  const { anna, ben, cleo, conversation } = await settled()
  await world.stop(cleo)
  await daysPass(7, [anna, ben])
  world.clock.jump(365 * DAY_MS)
  await daysPass(1, [anna, ben])
  expect(saidIn(anna, conversation, 'attest')).toBe(0)
})
