import type { Connection, ConnectionGater, PeerId } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'
import { GOSSIP_PROTOCOL } from '@sotto/wire'

import { isDirect } from './path-facts.ts'
import { PING_PROTOCOL } from './pings.ts'

export const CIRCUIT_STOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/stop'
export const SIGNALLING_PROTOCOL = '/webrtc-signaling/0.0.1'

/**
 * Who may ask us for what. Over a circuit only peers that a member has announced get through, and only to signal: a stranger
 * cannot make us gather addresses for ICE. On direct connections everything but hello needs a proof, or is for our relays alone.
 */
export class Gate {
  readonly #clock: Clock
  readonly #expected = new Map<string, number>()
  readonly #relays = new Set<string>()
  readonly #proved = new WeakSet<Connection>()
  #changed = (): void => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Allows that peer until `until` (ms since 1970). */
  expect(peer: string, until: number): void {
    const now = this.#clock.now()
    for (const [known, end] of this.#expected) if (end <= now) this.#expected.delete(known)
    this.#expected.set(peer, Math.max(until, this.#expected.get(peer) ?? 0))
  }

  isExpected(peer: string): boolean {
    return (this.#expected.get(peer) ?? 0) > this.#clock.now()
  }

  /** Circuits are taken from that relay from now on. */
  addRelay(relay: string): void {
    this.#relays.add(relay)
  }

  removeRelay(relay: string): void {
    this.#relays.delete(relay)
  }

  /** Hello has said who is on the other end. */
  prove(connection: Connection): void {
    this.#proved.add(connection)
    this.#changed()
  }

  /** Calls `proved` with each proof from now on, in place of the one before. */
  onProved(proved: () => void): void {
    this.#changed = proved
  }

  isProved(connection: Connection): boolean {
    return this.#proved.has(connection)
  }

  /** Whether the other end of that connection may open a stream of that protocol. */
  admits(protocol: string, connection: Connection): boolean {
    const peer = connection.remotePeer.toString()
    if (!isDirect(connection)) return protocol === SIGNALLING_PROTOCOL && this.isExpected(peer)
    if (protocol === CIRCUIT_STOP_PROTOCOL) return this.#relays.has(peer)
    if (protocol === PING_PROTOCOL) return this.#relays.has(peer) || this.#proved.has(connection)
    if (protocol === SIGNALLING_PROTOCOL) return this.isExpected(peer) || this.#proved.has(connection)
    // In a topic both sides speak.
    if (protocol.startsWith(GOSSIP_PROTOCOL)) return this.#proved.has(connection)
    // Hello and events: who dials speaks first, so a relay never can.
    return connection.direction === 'inbound'
  }

  /** For libp2p: every address may be dialled (a browser's default refuses loopback), few peers may come over a relay. */
  gater(): ConnectionGater {
    return {
      denyDialMultiaddr: () => false,
      // Others are dearer to check, RSA by far, and nobody of ours has one.
      denyInboundEncryptedConnection: isForeign,
      denyOutboundEncryptedConnection: isForeign,
      denyInboundRelayedConnection: (relay: PeerId, remote: PeerId) =>
        !this.#relays.has(relay.toString()) || !this.isExpected(remote.toString()),
    }
  }
}

function isForeign(peer: PeerId): boolean {
  return peer.type !== 'Ed25519'
}
