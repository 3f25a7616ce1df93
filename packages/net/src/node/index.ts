import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { Transport } from '@sotto/interface'
import { createLibp2p, type Libp2pOptions } from 'libp2p'

import { CIRCUIT_OPTIONS } from '../circuits.ts'
import { commonOptions, type Services } from '../common.ts'
import { Gate } from '../gate.ts'
import type { DirectTransport, TransportInit } from '../init.ts'
import { Libp2pTransport } from '../transport.ts'

export type { DirectTransport, TransportInit } from '../init.ts'

/** The transport of a terminal or a bot: TCP, WebSocket and WebRTC. */
export function nodeTransport(init: TransportInit): Transport {
  const gate = new Gate(init.clock)
  const transports: readonly DirectTransport[] =
    init.relaysOnly === true ? [] : (init.transports ?? ['tcp', 'ws', 'webrtc'])
  const options = platformOptions(transports, init.loopbackOnly === true)
  return new Libp2pTransport({
    init,
    gate,
    transports,
    createNode: () => createLibp2p({ ...commonOptions(gate, init.clock), ...options }),
  })
}

function platformOptions(direct: readonly DirectTransport[], isLoopback: boolean): Libp2pOptions<Services> {
  // Without the address, WebRTC on loopback finds no candidates; no STUN server is ever asked.
  const rtcConfiguration = { iceServers: [], ...(isLoopback ? { bindAddress: '127.0.0.1' } : {}) }
  const tcpListen = direct.includes('tcp') ? [`/ip4/${isLoopback ? '127.0.0.1' : '0.0.0.0'}/tcp/0`] : []
  // Relays are reached by TCP and WebSocket in any case.
  if (!direct.includes('webrtc')) return { addresses: { listen: tcpListen }, transports: [tcp(), webSockets()] }
  return {
    addresses: { listen: [...tcpListen, '/webrtc'] },
    transports: [tcp(), webSockets(), circuitRelayTransport(CIRCUIT_OPTIONS), webRTC({ rtcConfiguration })],
  }
}
