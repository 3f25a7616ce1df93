import { checksIn, type Check } from './conformance.ts'
import { PATH_CHECKS } from './transport/path-checks.ts'
import type { NetPlace } from './transport/place.ts'
import { RELAY_CHECKS } from './transport/relay-checks.ts'

export { newPeer, peerNotes, wordHello } from './transport/peer-notes.ts'
export type { NetPeer, NetPlace } from './transport/place.ts'

/** What `Transport` promises of direct paths and relays, as checks for any test runner. `make` gives a new place each time. For topics: `gossipConformance`. */
export function transportConformance(name: string, make: () => Promise<NetPlace>): readonly Check[] {
  return checksIn(name, make, { ...PATH_CHECKS, ...RELAY_CHECKS })
}
