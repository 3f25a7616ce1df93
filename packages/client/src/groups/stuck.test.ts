import { innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controlOf, daysPass, hears, saidIn, settledGroup, viewOf, weeksPass } from '../../test/absence.ts'
import { until, World } from '../../test/world.ts'
import { controlRow } from './control.ts'
import { innerOf } from './say.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('a device that never gets what leads to an epoch says so after a day, and is let in again', async () => {
  const { anna, ben, cleo, conversation } = await settledGroup(world)
  const before = viewOf(anna, conversation).tip
  await world.stop(cleo)
  await weeksPass(world, [anna, ben], () => viewOf(anna, conversation).tip !== before)
  // What the commit brings is lost on its way to Cleo, for good.
  const group = anna.client.get(conversation)
  const [first] = [...controlOf(anna, conversation).kept.values()].filter(
    ({ thing }) => thing.body.kind === 'commit' && thing.epoch === before,
  )
  if (first === undefined) throw new Error('no commit')
  const lost = { ...first, attachment: new Uint8Array() }
  const now = world.clock.now()
  const store = cleo.disk.open()
  await store.commit([
    { put: 'control', row: controlRow(group.id, lost, now) },
    { put: 'seen', row: { conversation: group.id, innerId: innerIdOf(innerOf(first)), at: now } },
  ])
  await store.close()
  const back = await world.person('', { disk: cleo.disk })
  await back.client.do('send', { conversation, text: 'do you hear me?' })
  await daysPass(world, 1, [anna, ben, back])
  await until(() => viewOf(back, conversation).tip !== before)
  for (let days = 0; saidIn(back, conversation, 'grant') === 0; days += 1) {
    expect(days).toBeLessThan(5)
    await daysPass(world, 1, [anna, ben, back])
  }
  expect(saidIn(back, conversation, 'stuck')).toBe(1)
  await until(() => back.client.get(conversation).tip.epochId === viewOf(back, conversation).tip)
  await anna.client.do('send', { conversation, text: 'yes' })
  for (const person of [anna, ben, back]) await hears(person, conversation, ['do you hear me?', 'yes'])
})
