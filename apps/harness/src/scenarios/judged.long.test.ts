import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { churn } from './churn.ts'
import { groupChurn } from './group-churn.ts'
import { relayRestart } from './relay-restart.ts'

// Short runs of what `npm run harness` plays at length, at the same time, since they mostly wait.

test.concurrent('whoever is killed in the midst of talking, the checker finds nothing (seed 5)', async () => {
  const { peersKilled, violations } = await onStage(5, churn({ rounds: 1, group: true }).play)
  expect(peersKilled).toBeGreaterThanOrEqual(2)
  expect(violations).toBe(0)
})

test.concurrent('whoever comes and goes in the midst of talking, the checker finds nothing (seed 5)', async () => {
  const { peersKilled, violations } = await onStage(5, groupChurn({ rounds: 1, page: false }).play)
  expect(peersKilled).toBeGreaterThanOrEqual(1)
  expect(violations).toBe(0)
})

test.concurrent('the relay is killed in the midst of talking, and the checker finds nothing (seed 5)', async () => {
  const figures = await onStage(5, relayRestart({ rounds: 1, group: true, page: false }).play)
  expect(figures).toMatchObject({ messages: 36, relaysKilled: 1, violations: 0 })
})
