import { innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walks } from '../test/scenes.ts'
import { sealedByHand } from '../test/sealed-by-hand.ts'
import { texts, until, World, type Person } from '../test/world.ts'
import { receive } from './conversation/receive.ts'

let world: World
beforeEach(() => {
  world = new World({ speed: 20 })
})
afterEach(() => world.end())

async function give(inner: Uint8Array, person: Person, conversation: string): Promise<void> {
  const to = groupOf(person, conversation)
  expect(await to.lane.run(() => receive(to, innerIdOf(inner), inner, { via: 'mailbox' }))).toBe('applied')
}

/** What Ben gives to Anna, and how much of what stands in its place to Cleo. */
test.each([
  ['one message to Anna and another in its place to Cleo', ['for Anna'], ['for Cleo']],
  ['two to Anna and one in their place to Cleo', ['for Anna', 'for Anna too'], ['for Cleo']],
])('who writes %s keeps nothing that these say from each other', async (_, forAnna, forCleo) => {
  const { anna, ben, cleo, conversation } = await walks(world)
  for (const [at, person] of [anna, ben, cleo].entries()) {
    const text = `hello ${String(at)}`
    await person.client.do('send', { conversation, text })
    for (const other of [anna, ben, cleo]) await until(async () => (await texts(other, conversation)).includes(text))
  }
  const from = groupOf(ben, conversation)
  const twins = [await sealedByHand(from, ...forAnna), await sealedByHand(from, ...forCleo)] as const
  await world.stop(ben)
  await give(twins[0], anna, conversation)
  await give(twins[1], cleo, conversation)
  const said: string[] = []
  for (let turn = 0; turn < 6; turn++) {
    const [speaker, hearer] = turn % 2 === 0 ? [anna, cleo] : [cleo, anna]
    said.push(`turn ${String(turn)}`)
    await speaker.client.do('send', { conversation, text: said.at(-1) ?? '' })
    await until(async () => (await texts(hearer, conversation)).includes(said.at(-1) ?? ''))
  }
  // Whoever has got less asks for the rest, and by what it is given sees that there are two.
  await until(async () => (await texts(cleo, conversation)).slice(-6).join() === said.join())
  for (const [person, own] of [
    [anna, forAnna],
    [cleo, forCleo],
  ] as const) {
    const all = await texts(person, conversation)
    expect(all.slice(-6)).toEqual(said)
    expect(all.filter((text) => text.startsWith('for '))).toEqual(own)
  }
})
