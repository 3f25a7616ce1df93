import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { noRelay } from './no-relay.ts'

test('what is written without a relay is kept, and arrives later in order, with true states all the way (seed 3)', async () => {
  expect(await onStage(3, noRelay.play)).toEqual({ messages: 10 })
})
