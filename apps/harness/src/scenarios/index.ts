import { awayKilled, awayRelayKilled, awayStopped } from './away.ts'
import { churn } from './churn.ts'
import { demo } from './demo.ts'
import { devices } from './devices.ts'
import { drill } from './drill.ts'
import { groupChurn } from './group-churn.ts'
import { noRelay } from './no-relay.ts'
import { powerCuts } from './power-cuts.ts'
import { relayKilled, relayKilledWebRtc } from './relay-killed.ts'
import { relayRestart } from './relay-restart.ts'
import { refusals } from './refusals.ts'
import { restoredAccount } from './restored-account.ts'
import { restoredCopy } from './restored-copy.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario by the name that `npm run harness -- NAME` takes. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  demo,
  'relay-killed': relayKilled,
  'relay-killed-webrtc': relayKilledWebRtc,
  'away-stopped': awayStopped,
  'away-killed': awayKilled,
  'away-relay-killed': awayRelayKilled,
  'no-relay': noRelay,
  'power-cuts': powerCuts,
  'relay-restart': relayRestart({ rounds: 8, group: true, page: true }),
  churn: churn({ rounds: 12, group: true }),
  'group-churn': groupChurn({ rounds: 10, page: true }),
  'restored-account': restoredAccount,
  devices: devices(6),
  'restored-copy': restoredCopy,
  refusals,
  drill,
}
