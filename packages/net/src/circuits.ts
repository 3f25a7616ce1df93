import type { Connection, PeerId } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'

const CIRCUIT_TRANSPORT = '@libp2p/circuit-relay-v2-transport'

/** At once: libp2p forgets the reservations that are waiting for their turn as soon as one is made. */
export const CIRCUIT_OPTIONS = { reservationConcurrency: 64 } as const

/** The parts of libp2p that reservations need. */
export interface CircuitComponents {
  readonly transportManager: {
    listen(addresses: Multiaddr[]): Promise<void>
    getTransports(): unknown[]
  }
}

interface ReservationStore {
  addRelay(relay: PeerId, kind: 'configured'): Promise<unknown>
  hasReservation(relay: PeerId): boolean
  addEventListener(type: 'relay:removed', listener: (event: { detail: { relay: PeerId } }) => void): void
}

/**
 * Reservations at the relays in use, one each, so that others reach us through any of them. libp2p's own search for relays is not
 * used: it takes any peer that offers, dials what peers claim about themselves, and stops at one.
 */
export class Circuits {
  readonly #components: CircuitComponents
  readonly #listening = new Set<string>()

  constructor(components: CircuitComponents) {
    this.#components = components
  }

  /** Reserves a slot at the relay on the other end. Rejects when it offers none. The transport renews it until the connection ends. */
  async reserve({ remotePeer, remoteAddr }: Connection): Promise<void> {
    const store = this.#store()
    const name = remotePeer.toString()
    if (store === undefined || store.hasReservation(remotePeer)) return
    if (this.#listening.has(name)) {
      // A listener per relay and start: each more would be kept for ever, and closing one gives up all reservations.
      await store.addRelay(remotePeer, 'configured')
      return
    }
    await this.#components.transportManager.listen([multiaddr(`${remoteAddr.toString()}/p2p-circuit`)])
    this.#listening.add(name)
  }

  /** Calls `lost` when a reservation is over. */
  onLost(lost: (relay: string) => void): void {
    this.#store()?.addEventListener('relay:removed', ({ detail }) => lost(detail.relay.toString()))
  }

  #store(): ReservationStore | undefined {
    const transports = this.#components.transportManager.getTransports() as { [Symbol.toStringTag]?: string }[]
    const circuit = transports.find((transport) => transport[Symbol.toStringTag] === CIRCUIT_TRANSPORT)
    return (circuit as { reservationStore?: ReservationStore } | undefined)?.reservationStore
  }
}
