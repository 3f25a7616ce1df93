import {
  ok,
  refuse,
  type Address,
  type Clock,
  type MailboxId,
  type Relay,
  type RelayId,
  type RelayResult,
  type TransportEvents,
} from '@sotto/interface'
import type { MemoryRelayStore, MemorySubscriber } from './memory-relay.ts'

/** A relay of a memory network, and who sees it. */
export interface MemoryRelay {
  readonly store: MemoryRelayStore
  isUp: boolean
  readonly links: Set<MemoryLink>
}

/** What a link asks of the peer whose it is, and of the network. */
interface LinkPlace {
  readonly clock: Clock
  readonly owner: { readonly events: TransportEvents | undefined }
  readonly network: {
    readonly faults: { readonly noSignals?: boolean }
    relayAt(address: Address): MemoryRelay | undefined
  }
}

export function relayIdOf(address: Address): RelayId {
  return (address.split('/p2p/').at(-1) ?? '') as RelayId
}

/** A relay as one peer sees it. */
export class MemoryLink implements Relay, MemorySubscriber {
  readonly id: RelayId
  readonly address: Address
  readonly #owner: LinkPlace['owner']
  readonly #network: LinkPlace['network']
  readonly #clock: Clock
  #wasReachable = false

  constructor({ owner, network, clock }: LinkPlace, address: Address) {
    this.#owner = owner
    this.#network = network
    this.#clock = clock
    this.address = address
    this.id = relayIdOf(address)
    network.relayAt(address)?.links.add(this)
  }

  get reachable(): boolean {
    return this.#owner.events !== undefined && this.#network.relayAt(this.address)?.isUp === true
  }

  get problem(): string | undefined {
    return this.reachable ? undefined : 'refused'
  }

  /** Something that decides reachability changed. */
  changed(): void {
    if (this.reachable === this.#wasReachable) return
    this.#wasReachable = this.reachable
    this.#owner.events?.onRelay(this)
  }

  onMail(mailbox: MailboxId): void {
    if (this.reachable) this.#owner.events?.onMail(this.id, mailbox)
  }

  onSignal(mailbox: MailboxId, record: Uint8Array): void {
    if (this.reachable && this.#network.faults.noSignals !== true)
      this.#owner.events?.onSignal(this.id, mailbox, record)
  }

  create: Relay['create'] = (params) => this.#ask((store) => ok(store.create(params)))
  put: Relay['put'] = (mailbox, key, entry) =>
    this.#ask((store) => store.put(mailbox, key.publicKey, { ...entry, now: this.#seconds }, this))
  list: Relay['list'] = (mailbox, key, after) => this.#ask((store) => store.list(mailbox, key.publicKey, after))
  get: Relay['get'] = (mailbox, key, seqs) => this.#ask((store) => store.get(mailbox, key.publicKey, seqs))
  signal: Relay['signal'] = (mailbox, key, record) =>
    this.#ask((store) => store.signal(mailbox, key.publicKey, { record, now: this.#clock.monotonic() }, this))
  putBlob: Relay['putBlob'] = ({ id, ownerKey, bytes, expiresAt }) =>
    this.#ask((store) => store.putBlob(id, ownerKey.publicKey, { bytes, expiresAt }))
  getBlob: Relay['getBlob'] = (id) => this.#ask((store) => store.getBlob(id, this.#seconds))
  deleteBlob: Relay['deleteBlob'] = (id, key) => this.#ask((store) => store.deleteBlob(id, key.publicKey))

  subscribe: Relay['subscribe'] = (mailboxes) =>
    this.#ask((store) => {
      const asked = mailboxes.map(({ mailbox, readKey }) => ({ mailbox, key: readKey.publicKey }))
      return store.subscribe(asked, this, this.#clock.monotonic())
    })

  unsubscribe: Relay['unsubscribe'] = (mailboxes) => {
    for (const mailbox of mailboxes) this.#network.relayAt(this.address)?.store.unsubscribe(mailbox, this)
  }

  get #seconds(): number {
    return Math.floor(this.#clock.now() / 1000)
  }

  async #ask<T>(ask: (store: MemoryRelayStore) => RelayResult<T>): Promise<RelayResult<T>> {
    const relay = this.#network.relayAt(this.address)
    return relay !== undefined && this.reachable ? ask(relay.store) : refuse('unreachable')
  }
}
