import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { Transport } from '@sotto/interface'
import { createLibp2p, type Libp2pOptions } from 'libp2p'

import { CIRCUIT_OPTIONS } from '../circuits.ts'
import { commonOptions, type Services } from '../common.ts'
import { Gate } from '../gate.ts'
import type { DirectTransport, TransportInit } from '../init.ts'
import { Libp2pTransport } from '../transport.ts'

export type { TransportInit } from '../init.ts'

/** The transport of a page: WebSocket to relays, WebRTC to other devices; `ws` to devices only when it is asked for. */
export function browserTransport(init: TransportInit): Transport {
  const gate = new Gate(init.clock)
  const wanted = init.transports ?? ['webrtc']
  const transports = init.relaysOnly === true ? [] : wanted.filter((way) => way !== 'tcp')
  const options = platformOptions(transports)
  return new Libp2pTransport({
    init,
    gate,
    transports,
    createNode: () => createLibp2p({ ...commonOptions(gate, init.clock), ...options }),
    onOnline(changed) {
      globalThis.addEventListener('online', changed)
      return () => globalThis.removeEventListener('online', changed)
    },
  })
}

function platformOptions(direct: readonly DirectTransport[]): Libp2pOptions<Services> {
  if (!direct.includes('webrtc')) return { transports: [webSockets()] }
  return {
    addresses: { listen: ['/webrtc'] },
    // No STUN server is ever asked.
    transports: [
      webSockets(),
      circuitRelayTransport(CIRCUIT_OPTIONS),
      webRTC({ rtcConfiguration: { iceServers: [] } }),
    ],
  }
}
