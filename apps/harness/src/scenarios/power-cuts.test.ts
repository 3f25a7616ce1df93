import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { powerCuts } from './power-cuts.ts'

test('whoever is killed in the midst of talking, nothing is lost, doubled or out of order (seed 8)', async () => {
  const { messages, alice, bob, relay } = await onStage(8, powerCuts.play)
  expect(messages).toBe(72)
  expect(Number(alice) + Number(bob) + Number(relay)).toBe(6)
})
