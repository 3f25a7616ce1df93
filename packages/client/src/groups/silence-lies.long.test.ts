import { fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controlOf, hears, saidIn, settledGroup, viewOf } from '../../test/absence.ts'
import { membersIn, until, World, type Person } from '../../test/world.ts'
import { say, type Saying } from './say.ts'

/** More than an honest device says of others in its life; all of it is heard, and none of it does anything. */
const LIES = 60

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Says a thing as a changed client would: whether it may is not asked. */
async function insist(person: Person, conversation: string, said: Saying): Promise<void> {
  const group = person.client.get(conversation)
  await group.lane.run(() => say(group, said))
}

test('one who calls others silent, sets them aside and is stuck for ever changes nothing for anybody', async () => {
  const { anna, ben, cleo, conversation } = await settledGroup(world)
  const { tip, tree } = viewOf(ben, conversation)
  const self = ben.client.context.profile().device
  const others = tree.filter(({ device }) => device !== self)
  const commit = controlOf(ben, conversation).commitTo(tip)?.thing.id ?? ''
  expect(others).toHaveLength(2)
  for (let lie = 0; lie < LIES; lie += 1) {
    for (const { device, grant } of others) {
      const leaf = {
        device: fromHex(device) as Uint8Array<ArrayBuffer>,
        grant: fromHex(grant) as Uint8Array<ArrayBuffer>,
      }
      await insist(ben, conversation, { case: 'attest', value: { leaf, about: fromHex(tip) } })
      if (lie === 0) await insist(ben, conversation, { case: 'stale', value: leaf })
    }
    await insist(ben, conversation, { case: 'stuck', value: { commit: fromHex(commit) } })
  }
  const said = 2 * LIES
  for (const person of [anna, cleo]) {
    await until(() => saidIn(person, conversation, 'attest') === said && saidIn(person, conversation, 'stuck') === LIES)
    expect(saidIn(person, conversation, 'stale')).toBe(2)
  }
  for (const person of [anna, ben, cleo]) {
    expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
    expect(viewOf(person, conversation)).toMatchObject({ tip, tree })
  }
  await anna.client.do('send', { conversation, text: 'we go on' })
  await hears(cleo, conversation, ['we go on'])
})
