import type { Scenario } from '../scenarios/scenario.ts'
import { gossip } from './gossip.ts'
import { group } from './group/group.ts'
import { latency } from './latency.ts'

/** Every benchmark by the name that `npm run bench -- NAME` takes. */
export const BENCHMARKS: Readonly<Record<string, Scenario>> = { latency, gossip, group }
