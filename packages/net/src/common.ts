import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import type { Libp2pOptions } from 'libp2p'

import type { Gate } from './gate.ts'

const STREAM_WINDOW_BYTES = 1024 * 1024

/** What browsers and Node share. The agent string says nothing about who or what runs it. */
export function commonOptions(gate: Gate): Libp2pOptions {
  return {
    start: false,
    nodeInfo: { name: 'sotto', version: '1', userAgent: 'sotto' },
    connectionEncrypters: [noise()],
    // Larger windows outgrow the buffer of a stream that is read slowly.
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES } })],
    connectionGater: gate.gater(),
    connectionManager: { inboundConnectionThreshold: Number.POSITIVE_INFINITY, maxConnections: 128 },
    // A ping waits behind the data of a busy connection: a few misses are not the end of it.
    connectionMonitor: { pingInterval: 5_000, pingTimeout: { minTimeout: 10_000 } },
    services: { identify: identify(), ping: ping() },
  }
}
