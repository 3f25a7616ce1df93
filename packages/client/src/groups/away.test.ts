import { afterEach, beforeEach, expect, test } from 'vitest'
import { daysPass, hears, reachAnew, saidIn, seesLine, untilFinal, viewOf } from '../../test/absence.ts'
import { World, type Person } from '../../test/world.ts'
import { rekeyGroup } from './commit-due.ts'

/** SOTTO_AWAY_DAYS=29,31,89,200 tries each of them, of both people of a 1:1. */
const DAYS = (process.env.SOTTO_AWAY_DAYS ?? '31').split(',').map(Number)

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

async function talking(): Promise<{ alice: Person; bob: Person; conversation: string }> {
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'from Alice' })
  await bob.client.do('send', { conversation, text: 'from Bob' })
  await hears(bob, conversation, ['from Alice'])
  await hears(alice, conversation, ['from Bob'])
  await untilFinal([alice, bob], conversation)
  return { alice, bob, conversation }
}

// Of the two, only whoever said hello is a majority by itself: the inviter can be set aside, and nobody else.
test.for(DAYS)('in a 1:1 the one who invited is away for %i days', async (days) => {
  const { alice, bob, conversation } = await talking()
  await world.stop(alice)
  await bob.client.do('send', { conversation, text: 'on the first day' })
  // An epoch of which Alice never says a word, from the first day on.
  const pair = bob.client.get(conversation)
  await pair.lane.run(() => rekeyGroup(pair))
  await daysPass(world, 0.3, [bob])
  await daysPass(world, days, [bob])
  await bob.client.do('send', { conversation, text: 'on the last day' })
  const isOut = viewOf(bob, conversation).tree.length === 1
  expect(isOut).toBe(saidIn(bob, conversation, 'stale') === 1)
  expect(isOut).toBe(days > 30)
  const back = await world.person('', { disk: alice.disk })
  await back.client.do('send', { conversation, text: 'I am back' })
  const all = ['on the first day', 'on the last day', 'I am back']
  for (const person of [bob, back]) await hears(person, conversation, all)
  if (!isOut) return expect(saidIn(back, conversation, 'grant')).toBe(0)
  for (const person of [bob, back]) await seesLine(person, conversation, 'device-back')
})

test.for(DAYS)('in a 1:1 the one who said hello is away for %i days, and follows', async (days) => {
  const { alice, bob, conversation } = await talking()
  await world.stop(bob)
  await alice.client.do('send', { conversation, text: 'on the first day' })
  await daysPass(world, days, [alice])
  // Whatever a relay keeps for so long, whoever is not heard by all keeps it too.
  world.relay.store.mailboxes.clear()
  await reachAnew(world, [alice])
  await alice.client.do('send', { conversation, text: 'on the last day' })
  const back = await world.person('', { disk: bob.disk })
  await back.client.do('send', { conversation, text: 'I am back' })
  for (const person of [alice, back])
    await hears(person, conversation, ['on the first day', 'on the last day', 'I am back'])
  expect(saidIn(back, conversation, 'grant')).toBe(0)
})
