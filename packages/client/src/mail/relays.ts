import type { Address, Relay, RelayId, Transport } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'

/** The relays that this run keeps connections to. */
export class Relays {
  readonly #transport: Transport
  readonly #relays = new Map<RelayId, Relay>()

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get all(): Relay[] {
    return [...this.#relays.values()]
  }

  /** Keeps a connection to that relay from now on. */
  reach(address: Address): Relay {
    const relay = this.#transport.relay(address)
    this.note(relay)
    return relay
  }

  /** A relay that the transport speaks of. */
  note(relay: Relay): void {
    this.#relays.set(relay.id, relay)
  }

  /** Gives up relays that nothing here uses: after a look at an invitation, say. */
  forgetUnused(used: ReadonlySet<Address>): void {
    for (const [id, relay] of this.#relays) {
      if (used.has(relay.address)) continue
      this.#transport.forget(id)
      this.#relays.delete(id)
    }
  }

  /** Whether a relay of that conversation answers. */
  answerFor({ relays }: Conversation): boolean {
    return this.all.some((relay) => relay.reachable && relays.includes(relay.address))
  }
}
