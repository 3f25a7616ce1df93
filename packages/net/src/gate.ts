import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Clock } from '@sotto/interface'

/** Who may reach us over a circuit: only peers that a member has announced. A stranger cannot make us gather addresses for ICE. */
export class Gate {
  readonly #clock: Clock
  readonly #expected = new Map<string, number>()

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

  /** For libp2p: every address may be dialled (a browser's default refuses loopback), few peers may come over a relay. */
  gater(): ConnectionGater {
    return {
      denyDialMultiaddr: () => false,
      denyInboundRelayedConnection: (_relay: PeerId, remote: PeerId) => !this.isExpected(remote.toString()),
    }
  }
}
