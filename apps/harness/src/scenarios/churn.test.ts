import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { churn } from './churn.ts'
import { relayRestart } from './relay-restart.ts'

test.concurrent('whoever is killed in the midst of talking, the checker finds nothing (seed 5)', async () => {
  const { peersKilled, violations } = await onStage(5, churn({ rounds: 1, group: false }).play)
  expect(peersKilled).toBeGreaterThanOrEqual(2)
  expect(violations).toBe(0)
})

test.concurrent('the relay is killed in the midst of talking, and the checker finds nothing (seed 5)', async () => {
  expect(await onStage(5, relayRestart({ rounds: 1, group: false }).play)).toMatchObject({
    messages: 36,
    relaysKilled: 1,
    violations: 0,
  })
})
