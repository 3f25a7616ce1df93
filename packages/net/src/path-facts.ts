import type { Connection } from '@libp2p/interface'
import type { PathFacts } from '@sotto/interface'

/**
 * What the connection itself says. `remoteAddr` of a WebRTC connection still names the circuit that carried its signalling, so the
 * multiplexer and `direct` decide.
 */
export function pathFacts(connection: Connection): PathFacts {
  const multiplexer = connection.multiplexer ?? ''
  return {
    direct: connection.direct,
    transport: transportOf(multiplexer, connection.remoteAddr.toString()),
    multiplexer,
    encryption: connection.encryption ?? '',
  }
}

/** A circuit carries signalling only. Its limits are no sign: a relay may set none. */
export function isDirect(connection: Connection): boolean {
  return connection.direct && connection.limits === undefined
}

function transportOf(multiplexer: string, address: string): PathFacts['transport'] {
  if (multiplexer.includes('webrtc')) return address.includes('/webrtc-direct') ? 'webrtc-direct' : 'webrtc'
  return address.includes('/ws') ? 'ws' : 'tcp'
}
