import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { demo } from './demo.ts'
import { groupChurn } from './group-churn.ts'

// At the same time, since they mostly wait; a Chromium, which takes long to start, is in the first.

test.concurrent('what is shown to somebody new is true: the checker finds nothing (seed 5)', async () => {
  expect(await onStage(5, demo.play)).toMatchObject({ messages: 9, peersKilled: 1, violations: 0 })
})

test.concurrent('whoever comes and goes in the midst of talking, the checker finds nothing (seed 5)', async () => {
  const { peersKilled, violations } = await onStage(5, groupChurn({ rounds: 1, page: false }).play)
  expect(peersKilled).toBeGreaterThanOrEqual(1)
  expect(violations).toBe(0)
})
