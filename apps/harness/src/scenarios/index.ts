import { relayKilled, relayKilledWebRtc } from './relay-killed.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario by the name that `npm run harness -- NAME` takes. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'relay-killed': relayKilled,
  'relay-killed-webrtc': relayKilledWebRtc,
}
