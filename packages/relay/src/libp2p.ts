import type { Server, Socket } from 'node:net'

import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Ed25519PrivateKey, Libp2p, Transport } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import {
  mailboxServer,
  measuredYamux,
  pings,
  RELAY_STREAMS_AT_ONCE,
  RELAY_STREAMS_PER_SECOND,
  type MailboxServer,
  type MailboxServerInit,
} from '@sotto/net/mailbox'
import { createLibp2p } from 'libp2p'

import { hopGuard } from './hop-guard.ts'
import { silentLogger } from './silent-logger.ts'

export type RelayLibp2p = Libp2p<{ circuit: CircuitRelayService; mailbox: MailboxServer }>

export interface Libp2pInit {
  readonly key: Ed25519PrivateKey
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly maxConnections: number
  /** New connections a second from one address. */
  readonly connectionsPerSecond: number
  readonly gater: ConnectionGater
  /** Whether one more socket of its address is welcome. */
  admits(socket: Socket): boolean
  readonly mailbox: MailboxServerInit
}

/** Signalling for a direct connection, and no more: messages never travel over circuits. */
const CIRCUIT_DURATION_MS = 120_000
const CIRCUIT_BYTES = 131_072n
const MAX_RESERVATIONS = 1_000

export async function createRelayLibp2p(init: Libp2pInit): Promise<RelayLibp2p> {
  const onRefused = (): void => init.mailbox.metrics.count('refused_streams')
  const pace = { atOnce: RELAY_STREAMS_AT_ONCE, perSecond: RELAY_STREAMS_PER_SECOND, onRefused }
  return createLibp2p({
    start: false,
    privateKey: init.key,
    logger: silentLogger,
    nodeInfo: { name: 'sotto', version: '1', userAgent: 'sotto' },
    addresses: { listen: [...init.listen], announce: [...init.announce] },
    transports: [boundedWebSockets(init), tcp({ maxConnections: init.maxConnections })],
    connectionEncrypters: [noise()],
    streamMuxers: [measuredYamux(pace, init.mailbox.clock)],
    connectionGater: init.gater,
    connectionManager: {
      maxConnections: init.maxConnections,
      maxIncomingPendingConnections: 256,
      inboundConnectionThreshold: init.connectionsPerSecond,
    },
    // The default gives up a busy connection because its ping waits behind the data.
    connectionMonitor: { pingInterval: 30_000, pingTimeout: { minTimeout: 30_000 } },
    services: {
      identify: identify({ runOnConnectionOpen: false }),
      ping: pings(),
      hopGuard: hopGuard(),
      circuit: circuitRelayServer({
        hopTimeout: 10_000,
        maxInboundHopStreams: 64,
        maxOutboundStopStreams: 64,
        reservations: {
          maxReservations: MAX_RESERVATIONS,
          defaultDurationLimit: CIRCUIT_DURATION_MS,
          defaultDataLimit: CIRCUIT_BYTES,
        },
      }),
      mailbox: mailboxServer(init.mailbox),
    },
  })
}

/** Before a socket has become a WebSocket, only HTTP's own timeouts and these hold. */
const UPGRADE_MS = 10_000

type WebSockets = ReturnType<typeof webSockets>

/** Sockets that have not said anything yet count in none of libp2p's limits, and it would wait for them for ever. */
function boundedWebSockets({ maxConnections, admits }: Libp2pInit): WebSockets {
  const make = webSockets({
    http: { headersTimeout: UPGRADE_MS / 2, requestTimeout: UPGRADE_MS, connectionsCheckingInterval: 1_000 },
  })
  return (components): Transport => {
    const transport = make(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      const { server } = listener as unknown as { server: Server }
      server.maxConnections = 2 * maxConnections
      server.on('connection', (socket) => {
        if (!admits(socket)) socket.destroy()
        // A WebSocket switches it off.
        else socket.setTimeout(UPGRADE_MS, () => socket.destroy())
      })
      return listener
    }
    return transport
  }
}
