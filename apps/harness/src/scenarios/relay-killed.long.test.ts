import { expect, test } from 'vitest'
import { onStage } from '../peers/stage.ts'
import { relayKilled, relayKilledWebRtc } from './relay-killed.ts'

test.concurrent('when the only relay is killed, 20 more messages each way arrive once and in order (seed tcp)', async () => {
  const figures = await onStage('tcp', relayKilled.play)
  expect(figures).toMatchObject({
    alice: 'transport=tcp encryption=/noise',
    bob: 'transport=tcp encryption=/noise',
    afterTheRelayWasKilled: 40,
  })
})

test.concurrent('the same over WebRTC alone (seed webrtc)', async () => {
  const figures = await onStage('webrtc', relayKilledWebRtc.play)
  expect(figures).toMatchObject({
    alice: 'transport=webrtc encryption=native',
    bob: 'transport=webrtc encryption=native',
    afterTheRelayWasKilled: 40,
  })
})
