import { memoryStore } from '@sotto/store/memory'
import type { GenerationId } from '@sotto/interface'
import { expect, test } from 'vitest'
import { LaneUse } from './lane-use.ts'

const generation = '00'.repeat(16) as GenerationId

test('what was counted is there after a restart, and either lane alone says that a new generation is wanted', async () => {
  const store = memoryStore()
  const use = await LaneUse.load(store, generation)
  await store.commit([use.add('content', 3_071)])
  await store.commit([use.add('control', 1_023)])
  expect(use.isNearlyFull).toBe(false)
  const again = await LaneUse.load(store, generation)
  await store.commit([again.add('control', 1)])
  expect(again.isNearlyFull).toBe(true)
  expect((await LaneUse.load(store, generation)).isNearlyFull).toBe(true)
})
