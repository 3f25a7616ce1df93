import { checksIn, type Check } from './conformance.ts'
import { MISUSE_CHECKS } from './gossip/misuse-checks.ts'
import { PATH_CHECKS } from './gossip/path-checks.ts'
import type { GossipPlace } from './gossip/place.ts'

export type { GossipPeer, GossipPlace } from './gossip/place.ts'

/** What `Transport.topic` promises, as checks for any test runner. `make` gives a new place each time. */
export function gossipConformance(name: string, make: () => Promise<GossipPlace>): readonly Check[] {
  return checksIn(name, make, { ...PATH_CHECKS, ...MISUSE_CHECKS })
}
