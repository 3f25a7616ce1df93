import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { tryGetNetConfig } from '@libp2p/utils'

/**
 * How many connections and circuit reservations one address may have at a time. Holds addresses in memory while their
 * connections are open, and nowhere else. An IPv6 network of 64 bits counts as one address, because one host owns it.
 */
export class AddressCaps {
  readonly #max: number
  readonly #onRefused: (what: 'connection' | 'reservation') => void
  readonly #open = new Map<string, number>()
  readonly #addresses = new Map<string, string>()
  readonly #reserved = new Map<string, Set<string>>()

  constructor(max: number, onRefused: (what: 'connection' | 'reservation') => void) {
    this.#max = max
    this.#onRefused = onRefused
  }

  readonly gater: ConnectionGater = {
    denyInboundConnection: (connection) => this.#denyConnection(connection),
    denyInboundUpgradedConnection: (peer, connection) => this.#remember(peer, connection),
    denyInboundRelayReservation: (peer) => this.#denyReservation(peer),
    // A relay dials nobody, and takes nobody's word for where a peer is.
    denyDialPeer: () => true,
    denyDialMultiaddr: () => true,
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
    connection.addEventListener('close', () => this.#release(address), { once: true })
    return false
  }

  #release(address: string): void {
    const open = (this.#open.get(address) ?? 1) - 1
    if (open > 0) this.#open.set(address, open)
    else this.#open.delete(address)
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

/** The address that a connection counts for. */
export function addressOf({ remoteAddr }: Pick<MultiaddrConnection, 'remoteAddr'>): string {
  const net = tryGetNetConfig(remoteAddr)
  if (net === null) return 'unknown'
  return net.type === 'ip6' ? networkOf(net.host) : net.host
}

/** The first four groups of an IPv6 address; an IPv4 address in IPv6 form as it is. */
export function networkOf(host: string): string {
  const [head = '', tail] = host.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (host.includes('.')) return after.at(-1) ?? host
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}
