import { serviceCapabilities } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import type { Clock } from '@sotto/interface'
import type { Libp2pOptions } from 'libp2p'

import { Circuits, type CircuitComponents } from './circuits.ts'
import type { Gate } from './gate.ts'
import { STREAMS_AT_ONCE, STREAMS_PER_SECOND } from './libp2p-limits.ts'
import { measuredYamux } from './measured-yamux.ts'
import { messageBounds } from './message-bounds.ts'
import { pings } from './pings.ts'
import { protocolGuard } from './protocol-guard.ts'
import { silentLogger } from './silent-logger.ts'

const MAX_CONNECTIONS = 128
/** Addresses of a peer are tried one after the other: one that swallows packets must not keep the next ones waiting. */
const ADDRESS_DIAL_MS = 4_000

/** What we add to libp2p. A type, since an interface has no index signature. */
export type Services = { circuits: Circuits; guard: object; bounds: object; ping: object; identity: object }

/** What browsers and Node share. */
export function commonOptions(gate: Gate, clock: Clock): Libp2pOptions<Services> {
  return {
    start: false,
    logger: silentLogger,
    nodeInfo: { name: 'sotto', version: '1', userAgent: 'sotto' },
    connectionEncrypters: [noise()],
    streamMuxers: [measuredYamux({ atOnce: STREAMS_AT_ONCE, perSecond: STREAMS_PER_SECOND }, clock)],
    connectionGater: gate.gater(),
    connectionManager: {
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxConnections: MAX_CONNECTIONS,
      addressDialTimeout: ADDRESS_DIAL_MS,
      // A /dnsaddr would be looked up by HTTPS at a public resolver.
      resolvers: {},
    },
    // It aborts busy connections, whose pings wait behind the data; see liveness.ts.
    connectionMonitor: { enabled: false },
    services: {
      circuits: (components: CircuitComponents) => new Circuits(components),
      guard: protocolGuard((protocol, connection) => gate.admits(protocol, connection)),
      bounds: messageBounds(),
      ping: pings(),
      // Circuits and WebRTC ask for identify, and use nothing of it; it would tell whoever asks all of our addresses.
      identity: () => ({ [serviceCapabilities]: ['@libp2p/identify'] }),
    },
  }
}
