import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { Transport } from '@sotto/interface'
import { createLibp2p } from 'libp2p'

import { commonOptions } from '../common.ts'
import { Gate } from '../gate.ts'
import type { TransportInit } from '../init.ts'
import { Libp2pTransport } from '../transport.ts'

export type { TransportInit } from '../init.ts'

/** The transport of a page: WebSocket to relays, WebRTC to other devices. */
export function browserTransport(init: TransportInit): Transport {
  const gate = new Gate(init.clock)
  const direct = init.relaysOnly !== true
  return new Libp2pTransport({
    init,
    gate,
    transports: ['webrtc'],
    createNode: () =>
      createLibp2p({
        ...commonOptions(gate),
        addresses: { listen: direct ? ['/p2p-circuit', '/webrtc'] : [] },
        transports: [webSockets(), circuitRelayTransport(), webRTC({ rtcConfiguration: { iceServers: [] } })],
      }),
  })
}
