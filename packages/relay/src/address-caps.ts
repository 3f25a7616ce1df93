import type { Socket } from 'node:net'

import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { tryGetNetConfig } from '@libp2p/utils'

type Refused = 'connection' | 'reservation' | 'socket'

const SPARE_SOCKETS = 16

/**
 * How many connections and circuit reservations one address may have at a time. Holds addresses in memory while their
 * connections are open, and nowhere else. An IPv6 network of 64 bits counts as one address, because one host owns it.
 */
export class AddressCaps {
  readonly #max: number
  readonly #onRefused: (what: Refused) => void
  readonly #open = new Map<string, number>()
  readonly #sockets = new Map<string, number>()
  readonly #addresses = new Map<string, string>()
  readonly #reserved = new Map<string, Set<string>>()

  constructor(max: number, onRefused: (what: Refused) => void) {
    this.#max = max
    this.#onRefused = onRefused
  }

  readonly gater: ConnectionGater = {
    denyInboundConnection: (connection) => this.#denyConnection(connection),
    // Others are dearer to check, RSA by far, and nobody of ours has one.
    denyInboundEncryptedConnection: (peer) => peer.type !== 'Ed25519',
    denyInboundUpgradedConnection: (peer, connection) => this.#remember(peer, connection),
    denyInboundRelayReservation: (peer) => this.#denyReservation(peer),
    // A relay dials nobody, and takes nobody's word for where a peer is.
    denyDialPeer: () => true,
    denyDialMultiaddr: () => true,
  }

  /** Whether a socket that has not said anything yet may stay. Some more than connections, as some are on their way. */
  readonly admits = (socket: Socket): boolean => {
    const address = networkOf(socket.remoteAddress ?? 'unknown')
    const open = this.#sockets.get(address) ?? 0
    if (open >= this.#max + SPARE_SOCKETS) {
      this.#onRefused('socket')
      return false
    }
    this.#sockets.set(address, open + 1)
    socket.once('close', () => lower(this.#sockets, address))
    return true
  }

  /** The peer has no connection any more, and so no reservation. */
  forget(peer: PeerId): void {
    const name = peer.toString()
    const address = this.#addresses.get(name)
    this.#addresses.delete(name)
    if (address === undefined) return
    const reserved = this.#reserved.get(address)
    reserved?.delete(name)
    if (reserved?.size === 0) this.#reserved.delete(address)
  }

  #denyConnection(connection: MultiaddrConnection): boolean {
    const address = addressOf(connection)
    const open = this.#open.get(address) ?? 0
    if (open >= this.#max) {
      this.#onRefused('connection')
      return true
    }
    this.#open.set(address, open + 1)
    connection.addEventListener('close', () => lower(this.#open, address), { once: true })
    return false
  }

  #remember(peer: PeerId, connection: MultiaddrConnection): boolean {
    this.#addresses.set(peer.toString(), addressOf(connection))
    return false
  }

  #denyReservation(peer: PeerId): boolean {
    const name = peer.toString()
    const address = this.#addresses.get(name)
    if (address === undefined) return true
    const reserved = this.#reserved.get(address) ?? new Set()
    if (reserved.size >= this.#max && !reserved.has(name)) {
      this.#onRefused('reservation')
      return true
    }
    this.#reserved.set(address, reserved.add(name))
    return false
  }
}

function lower(counts: Map<string, number>, address: string): void {
  const count = (counts.get(address) ?? 1) - 1
  if (count > 0) counts.set(address, count)
  else counts.delete(address)
}

/** The address that a connection counts for. */
export function addressOf({ remoteAddr }: Pick<MultiaddrConnection, 'remoteAddr'>): string {
  const net = tryGetNetConfig(remoteAddr)
  if (net === null) return 'unknown'
  return networkOf(net.host)
}

/** The first four groups of an IPv6 address; an IPv4 address, also one in IPv6 form, as it is. */
export function networkOf(host: string): string {
  if (host.includes('.')) return host.slice(host.lastIndexOf(':') + 1)
  if (!host.includes(':')) return host
  const [head = '', tail] = host.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}
