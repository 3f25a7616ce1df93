import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { restoredCopy } from './restored-copy.ts'

test('an old copy of a home is retired before it uses a key, and the original goes on (seed 4)', async () => {
  expect(await onStage(4, restoredCopy.play)).toEqual({ retired: true, entriesOfTheCopy: 0 })
})
