import { afterEach, beforeEach, expect, test } from 'vitest'
import { daysPass, hears, saidIn, seesLine, settledGroup, viewOf, weeksPass } from '../../test/absence.ts'
import { accountOf, membersIn, until, World } from '../../test/world.ts'

const DAY_MS = 86_400_000

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('after 30 days, not before, a device is set aside, the keys are changed, its account stays; it comes back by itself and gets what was said', async () => {
  const { anna, ben, cleo, conversation } = await settledGroup(world)
  await world.stop(cleo)
  await ben.client.do('send', { conversation, text: 'before' })
  await daysPass(world, 29, [anna, ben])
  expect(saidIn(anna, conversation, 'attest') + saidIn(ben, conversation, 'attest')).toBe(0)
  await weeksPass(world, [anna, ben], () => viewOf(ben, conversation).tree.length === 2)
  const isAway = { account: accountOf(cleo), name: 'Cleo', role: 'member', state: 'away' }
  for (const person of [anna, ben]) {
    const summary = person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)
    expect(summary?.members).toContainEqual(isAway)
    await seesLine(person, conversation, 'device-set-aside')
  }
  await anna.client.do('send', { conversation, text: 'without Cleo' })
  const back = await world.person('', { disk: cleo.disk })
  await back.client.do('send', { conversation, text: 'I was away' })
  await until(() => membersIn(back, conversation).join() === 'Anna,Ben,Cleo')
  for (const person of [anna, ben, back]) {
    await hears(person, conversation, ['before', 'without Cleo', 'I was away'])
    expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
    await seesLine(person, conversation, 'device-back')
  }
})

test('a clock that is set forward by a year calls nobody silent', async () => {
  const { anna, ben, cleo, conversation } = await settledGroup(world)
  await world.stop(cleo)
  await daysPass(world, 7, [anna, ben])
  world.clock.jump(365 * DAY_MS)
  await daysPass(world, 1, [anna, ben])
  expect(saidIn(anna, conversation, 'attest')).toBe(0)
})
