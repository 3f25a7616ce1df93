import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { awayKilled, awayRelayKilled, awayStopped } from './away.ts'

test.concurrent.for([
  ['stopped', awayStopped],
  ['killed', awayKilled],
  ['killed, as the relay is', awayRelayKilled],
] as const)('what is written to somebody who is %s is sent, then delivered once and in order', async ([, scenario]) => {
  const { messages } = await onStage('away', scenario.play)
  expect(messages).toBeGreaterThanOrEqual(3)
})
