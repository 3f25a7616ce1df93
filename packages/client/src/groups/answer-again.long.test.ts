import type { Change } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { daysPass, hears } from '../../test/absence.ts'
import { walksWithAdmin } from '../../test/scenes.ts'
import { accountOf, membersIn, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** The next Welcomes that somebody's commits make are not brought to anybody, or are made up. */
function spoil(person: Person, how: 'kept back' | 'made up'): () => number {
  const { store } = person
  const commit = store.commit.bind(store)
  let count = 0
  store.commit = (changes) => {
    const spoilt = changes.flatMap((change): Change[] => {
      if (count > 0 || !('put' in change) || change.put !== 'welcomes') return [change]
      count += 1
      return how === 'kept back' ? [] : [{ put: 'welcomes', row: { ...change.row, bundle: new Uint8Array(100) } }]
    })
    return commit(spoilt)
  }
  return () => count
}

test.for(['kept back', 'made up'] as const)(
  'a newcomer whose Welcome was %s says yes again, and is brought in by whoever invited it',
  async (how) => {
    const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
    const dora = await world.person('Dora')
    await world.meet(ben, dora)
    // Ben asks; Anna, whose turn it is, commits.
    const spoilt = spoil(anna, how)
    await ben.client.do('groupAdd', { conversation, account: accountOf(dora) })
    const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
    await dora.client.do('accept', { id: request.id })
    await until(() => spoilt() > 0)
    const all = [anna, ben, cleo, dora]
    if (how === 'kept back') {
      for (const person of [anna, ben, cleo]) await until(() => membersIn(person, conversation).includes('Dora'))
      expect(dora.client.conversations.has(conversation)).toBe(false)
      await daysPass(world, 3.1, all)
    }
    await until(() => dora.client.conversations.has(conversation))
    for (const person of all) await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Cleo,Dora')
    await dora.client.do('send', { conversation, text: 'here I am' })
    for (const person of all) await hears(person, conversation, ['here I am'])
  },
)
