import type { Clock } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../test/world.ts'
import { Ticks } from './ticks.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('after a moment that failed there is a next one', async () => {
  // Who has just met has something to do.
  const alice = await world.person('Alice')
  const id = await world.meet(alice, await world.person('Bob'))
  const conversation = alice.client.get(id)
  const moments: (() => void)[] = []
  const clock: Clock = {
    ...world.clock,
    after(_ms, run) {
      moments.push(run)
      return () => {}
    },
  }
  const outcomes: string[] = []
  const ended = Promise.withResolvers<void>()
  const ticks = new Ticks(clock, (work) => {
    void work()
      .then(() => outcomes.push('done'))
      .catch((error: Error) => outcomes.push(error.message))
      .finally(() => ended.resolve())
  })
  conversation.step = () => Promise.reject(new Error('the disk is full'))
  ticks.start()
  ticks.later(conversation)
  expect(moments).toHaveLength(1)
  moments[0]?.()
  await ended.promise
  expect(outcomes).toEqual(['the disk is full'])
  expect(moments).toHaveLength(2)
  ticks.stop()
  Reflect.deleteProperty(conversation, 'step')
})
