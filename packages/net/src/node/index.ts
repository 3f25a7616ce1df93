import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { Transport } from '@sotto/interface'
import { createLibp2p, type Libp2pOptions } from 'libp2p'

import { commonOptions } from '../common.ts'
import { Gate } from '../gate.ts'
import type { DirectTransport, TransportInit } from '../init.ts'
import { Libp2pTransport } from '../transport.ts'

export type { DirectTransport, TransportInit } from '../init.ts'

/** The transport of a terminal or a bot: TCP, WebSocket and WebRTC. */
export function nodeTransport(init: TransportInit): Transport {
  const gate = new Gate(init.clock)
  const transports: readonly DirectTransport[] = init.transports ?? ['tcp', 'ws', 'webrtc']
  return new Libp2pTransport({
    init,
    gate,
    transports,
    createNode: () => createLibp2p({ ...commonOptions(gate), ...platformOptions(init, transports) }),
  })
}

function platformOptions(init: TransportInit, ways: readonly DirectTransport[]): Libp2pOptions {
  const host = init.loopbackOnly === true ? '127.0.0.1' : '0.0.0.0'
  const direct = init.relaysOnly === true ? [] : ways
  // Without the address, WebRTC on loopback finds no candidates; no STUN server is ever asked.
  const rtcConfiguration = { iceServers: [], ...(init.loopbackOnly === true ? { bindAddress: '127.0.0.1' } : {}) }
  return {
    addresses: {
      listen: [
        ...(direct.includes('tcp') ? [`/ip4/${host}/tcp/0`] : []),
        ...(direct.includes('webrtc') ? ['/p2p-circuit', '/webrtc'] : []),
      ],
    },
    transports: [tcp(), webSockets(), circuitRelayTransport(), webRTC({ rtcConfiguration })],
  }
}
