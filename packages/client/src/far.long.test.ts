import { seal } from '@sotto/group'
import { innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealedByHand } from '../test/sealed-by-hand.ts'
import { texts, until, World } from '../test/world.ts'
import type { Conversation } from './conversation/conversation.ts'
import { receive, type Taken } from './conversation/receive.ts'

const HOUR_MS = 3_600_000
/** Messages that are never to come. */
const LOST = 2_500
/** Each takes two turns of the thirty of an hour. */
const TRIES = 15

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Uses up keys without saying anything, as if so many messages had been lost. */
async function lose(conversation: Conversation, count: number): Promise<void> {
  let { tip: state } = conversation
  for (let i = 0; i < count; i++) state = (await seal(conversation.context.engine, state, new Uint8Array())).state
  conversation.moved(state)
}

test('after thousands of lost messages the next one is read, until the credit of the hour is used up', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  for (const person of [alice, bob]) await person.client.do('sync', {})
  await until(() => alice.client.get(conversation).tip.epochId === bob.client.get(conversation).tip.epochId)
  const [hers, his] = [alice.client.get(conversation), bob.client.get(conversation)]
  const take = (inner: Uint8Array): Promise<Taken> =>
    his.lane.run(() => receive(his, innerIdOf(inner), inner, { via: 'mailbox' }))

  await hers.lane.run(() => lose(hers, LOST))
  const far = await hers.lane.run(() => sealedByHand(hers, 'still here'))
  // A message that only says it is hers, and is not, is turned to as often, and opens nothing.
  const forged = far.slice()
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
  for (let i = 0; i < TRIES; i++) expect(await take(forged)).toBe('refused')
  expect(await texts(bob, conversation)).not.toContain('still here')
  expect(await take(far)).toBe('refused')
  world.clock.jump(HOUR_MS)
  expect(await take(far)).toBe('applied')
  await until(async () => (await texts(bob, conversation)).includes('still here'))
})
