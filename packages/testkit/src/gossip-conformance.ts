import { MISUSE_CHECKS } from './gossip/misuse-checks.ts'
import { PATH_CHECKS } from './gossip/path-checks.ts'
import type { GossipPlace } from './gossip/place.ts'

export type { GossipPeer, GossipPlace } from './gossip/place.ts'

export interface GossipCheck {
  readonly name: string
  run(): Promise<void>
}

/** What `Transport.topic` promises, as checks for any test runner. `make` gives a new place each time. */
export function gossipConformance(name: string, make: () => Promise<GossipPlace>): readonly GossipCheck[] {
  return Object.entries({ ...PATH_CHECKS, ...MISUSE_CHECKS }).map(([check, body]) => ({
    name: `${name}: ${check}`,
    async run() {
      const place = await make()
      try {
        await body(place)
      } finally {
        await place.dispose()
      }
    },
  }))
}
