import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { demo } from './demo.ts'

test('what is shown to somebody new is true: the checker finds nothing (seed 5)', async () => {
  expect(await onStage(5, demo.play)).toMatchObject({ messages: 9, peersKilled: 1, violations: 0 })
})
