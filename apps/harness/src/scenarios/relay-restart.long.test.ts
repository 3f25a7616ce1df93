import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { relayRestart } from './relay-restart.ts'

test('the relay is killed in the midst of talking, and the checker finds nothing (seed 5)', async () => {
  const figures = await onStage(5, relayRestart({ rounds: 1, group: true, page: false }).play)
  expect(figures).toMatchObject({ messages: 36, relaysKilled: 1, violations: 0 })
})
