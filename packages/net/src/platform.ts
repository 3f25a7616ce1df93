import type { Libp2p } from '@libp2p/interface'

import type { Services } from './common.ts'
import type { Gate } from './gate.ts'
import type { DirectTransport, TransportInit } from './init.ts'

/** The libp2p node that everything here runs on. */
export type Node = Libp2p<Services>

/** What a platform adds: its libp2p node, not yet started, and the ways it has to connect directly. */
export interface Platform {
  readonly init: TransportInit
  readonly gate: Gate
  /** None when only relays may be used. */
  readonly transports: readonly DirectTransport[]
  createNode(): Promise<Node>
  /** Calls `changed` when the machine's network has come back; the answer ends that. */
  onOnline?(changed: () => void): () => void
}
