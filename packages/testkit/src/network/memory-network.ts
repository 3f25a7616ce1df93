import {
  ok,
  refuse,
  type Address,
  type Clock,
  type DirectSession,
  type Hello,
  type PathFacts,
  type MailboxId,
  type Relay,
  type RelayId,
  type RelayResult,
  SottoError,
  type Topic,
  type Transport,
  type TransportEvents,
} from '@sotto/interface'

import { concat } from 'uint8arrays/concat'
import { toString } from 'uint8arrays/to-string'

import { MemoryRelayStore, type MemorySubscriber } from './memory-relay.ts'
import { MemoryTopic } from './memory-topic.ts'

/** What stands between two peers of a {@link MemoryNetwork}; tests change it while it runs. */
export interface NetworkFaults {
  /** Signals get lost on their way from a relay. @default false */
  noSignals?: boolean
  /** Changes an envelope on a direct path, or drops it. */
  tamper?: (envelope: Uint8Array) => Uint8Array | undefined
  /** Nobody reaches anybody directly. @default false */
  noDirect?: boolean
  /** Topics lose everything. @default false */
  noGossip?: boolean
}

/** As the real one: so many envelopes that are not taken end a path. */
const MAX_REFUSED_IN_A_ROW = 64
const PATH: PathFacts = { direct: true, transport: 'tcp', multiplexer: '/memory', encryption: '/memory' }

/** Peers and relays of one process: the double of libp2p. Everything arrives, in order, one microtask later. */
export class MemoryNetwork {
  readonly #clock: Clock
  readonly #relays = new Map<RelayId, { store: MemoryRelayStore; isUp: boolean; links: Set<MemoryLink> }>()
  readonly #peers = new Map<string, MemoryTransport>()
  readonly faults: NetworkFaults = {}
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A relay that is up. */
  addRelay(): { address: Address; store: MemoryRelayStore } {
    const address = `/ip4/127.0.0.1/tcp/9/ws/p2p/${peerName(this.#count++)}` as Address
    const store = new MemoryRelayStore()
    this.#relays.set(relayIdOf(address), { store, isUp: true, links: new Set() })
    return { address, store }
  }

  /** Stops a relay, or starts it again with what it had stored. */
  setRelay(address: Address, isUp: boolean): void {
    const relay = this.#relays.get(relayIdOf(address))
    if (relay === undefined) return
    relay.isUp = isUp
    for (const link of relay.links) link.changed()
  }

  transport(): Transport {
    return new MemoryTransport(this, this.#clock, peerName(this.#count++))
  }

  relayAt(address: Address): { store: MemoryRelayStore; isUp: boolean; links: Set<MemoryLink> } | undefined {
    return this.#relays.get(relayIdOf(address))
  }

  join(peer: MemoryTransport): void {
    this.#peers.set(peer.peerId, peer)
  }

  leave(peer: MemoryTransport): void {
    this.#peers.delete(peer.peerId)
  }

  /** What waits in topics goes out where somebody is there by now. */
  topicsChanged(): void {
    for (const peer of this.#peers.values()) peer.flushTopics()
  }

  peer(id: string): MemoryTransport | undefined {
    return this.#peers.get(id)
  }
}

/** A PeerId as text: the identity multihash of an Ed25519 key that nobody has. */
function peerName(count: number): string {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(28, count + 1)
  return toString(concat([Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20), key]), 'base58btc')
}

function relayIdOf(address: Address): RelayId {
  return (address.split('/p2p/').at(-1) ?? '') as RelayId
}

/** A peer of the network, with the whole `Transport` port. */
export class MemoryTransport implements Transport {
  readonly peerId: string
  readonly #network: MemoryNetwork
  readonly #clock: Clock
  readonly #links = new Map<Address, MemoryLink>()
  readonly sessions: Set<MemorySession> = new Set()
  readonly #expected = new Set<string>()
  readonly #topics = new Map<string, MemoryTopic>()
  events: TransportEvents | undefined
  hello: Hello | undefined

  constructor(network: MemoryNetwork, clock: Clock, peerId: string) {
    this.#network = network
    this.#clock = clock
    this.peerId = peerId
  }

  get addresses(): readonly Address[] {
    return []
  }

  async start(events: TransportEvents, hello: Hello): Promise<void> {
    this.events = events
    this.hello = hello
    this.#network.join(this)
    for (const link of this.#links.values()) link.changed()
  }

  async stop(): Promise<void> {
    this.events = undefined
    this.#network.leave(this)
    for (const link of this.#links.values()) link.changed()
    for (const topic of this.#topics.values()) topic.leave()
    for (const session of this.sessions) session.close()
  }

  relay(address: Address): Relay {
    const link = this.#links.get(address) ?? new MemoryLink(this, this.#network, this.#clock, address)
    this.#links.set(address, link)
    link.changed()
    return link
  }

  /** Nobody waits here. */
  hurry(): void {}

  forget(relay: RelayId): void {
    for (const [address, link] of this.#links) if (link.id === relay) this.#links.delete(address)
  }

  expect(peer: string): void {
    this.#expected.add(peer)
  }

  async dial(peer: string, _addresses: readonly Address[], context: string): ReturnType<Transport['dial']> {
    const other = this.#network.peer(peer)
    const { hello } = this
    if (other?.hello === undefined || hello === undefined || !other.#expected.has(this.peerId))
      return refuse('unreachable')
    if (this.#network.faults.noDirect === true) return refuse('unreachable')
    const peers = { dialler: this.peerId, listener: peer }
    const accepted = await other.hello.accept(await hello.dial(context, peers), peers)
    if (accepted === undefined || !(await hello.confirm(context, accepted.reply, peers))) return refuse('refused')
    const here = new MemorySession(this, this.#network, context, peer)
    const there = new MemorySession(other, this.#network, accepted.context, this.peerId)
    here.connect(there)
    there.connect(here)
    other.events?.onSession(there)
    this.events?.onSession(here)
    this.#network.topicsChanged()
    return ok(here)
  }

  flushTopics(): void {
    for (const topic of this.#topics.values()) topic.flush()
  }

  topic({ name, key }: { readonly name: string; readonly key: Uint8Array }): Topic {
    if (this.#topics.has(name)) throw new SottoError('topic-joined', 'This peer takes part in that topic already.')
    if (!/^[0-9a-z]{1,64}$/.test(name) || key.length !== 32)
      throw new SottoError('bad-topic', 'No name and key of a topic.')
    const place = {
      self: this.peerId,
      at: (peer: string) => this.#topicAt(peer, name),
      take: (envelope: Uint8Array) => this.events?.onGossip?.(name, envelope),
      left: () => this.#topics.delete(name),
      changed: () => this.#network.topicsChanged(),
    }
    const topic = new MemoryTopic(place, key)
    this.#topics.set(name, topic)
    return topic
  }

  #topicAt(peer: string, name: string): MemoryTopic | undefined {
    const isConnected = [...this.sessions].some((session) => session.peer === peer)
    if (!isConnected || this.#network.faults.noGossip === true) return undefined
    const other = this.#network.peer(peer)
    return other === undefined ? undefined : other.#topics.get(name)
  }
}

/** One end of a direct path. */
export class MemorySession implements DirectSession {
  readonly context: string
  readonly peer: string
  readonly path: PathFacts = PATH
  readonly #owner: MemoryTransport
  readonly #network: MemoryNetwork
  #other: MemorySession | undefined
  #refusedInARow = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor(owner: MemoryTransport, network: MemoryNetwork, context: string, peer: string) {
    this.#owner = owner
    this.#network = network
    this.context = context
    this.peer = peer
    owner.sessions.add(this)
  }

  connect(other: MemorySession): void {
    this.#other = other
  }

  send(envelope: Uint8Array): Promise<boolean> {
    const sent = this.#tail.then(async () => {
      const arrived = this.#network.faults.tamper === undefined ? envelope : this.#network.faults.tamper(envelope)
      const other = this.#other
      if (other === undefined || arrived === undefined) return false
      const isTaken = (await other.#owner.events?.onEnvelope(other, arrived.slice())) ?? false
      this.#refusedInARow = isTaken ? 0 : this.#refusedInARow + 1
      if (this.#refusedInARow > MAX_REFUSED_IN_A_ROW) this.close()
      return isTaken
    })
    this.#tail = sent
    return sent
  }

  close(): void {
    const other = this.#other
    if (!this.#owner.sessions.delete(this)) return
    this.#other = undefined
    this.#owner.events?.onSessionEnd(this)
    other?.close()
  }
}

/** A relay as one peer sees it. */
export class MemoryLink implements Relay, MemorySubscriber {
  readonly id: RelayId
  readonly address: Address
  readonly #owner: MemoryTransport
  readonly #network: MemoryNetwork
  readonly #clock: Clock
  #wasReachable = false

  constructor(owner: MemoryTransport, network: MemoryNetwork, clock: Clock, address: Address) {
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
  put: Relay['put'] = (mailbox, key, entry) => this.#ask((store) => store.put(mailbox, key.publicKey, entry, this))
  list: Relay['list'] = (mailbox, key, after) => this.#ask((store) => store.list(mailbox, key.publicKey, after))
  get: Relay['get'] = (mailbox, key, seqs) => this.#ask((store) => store.get(mailbox, key.publicKey, seqs))
  signal: Relay['signal'] = (mailbox, _key, record) => this.#ask((store) => store.signal(mailbox, record, this))
  putBlob: Relay['putBlob'] = ({ id, ownerKey, bytes, expiresAt }) =>
    this.#ask((store) => store.putBlob(id, ownerKey.publicKey, { bytes, expiresAt }))
  getBlob: Relay['getBlob'] = (id) => this.#ask((store) => store.getBlob(id, Math.floor(this.#clock.now() / 1000)))
  deleteBlob: Relay['deleteBlob'] = (id, key) => this.#ask((store) => store.deleteBlob(id, key.publicKey))

  subscribe: Relay['subscribe'] = (mailboxes) =>
    this.#ask((store) => {
      for (const { mailbox, readKey } of mailboxes) {
        const done = store.subscribe(mailbox, readKey.publicKey, this)
        if (!done.ok) return done
      }
      return ok(undefined)
    })

  unsubscribe: Relay['unsubscribe'] = (mailboxes) => {
    for (const mailbox of mailboxes) this.#network.relayAt(this.address)?.store.unsubscribe(mailbox, this)
  }

  async #ask<T>(ask: (store: MemoryRelayStore) => RelayResult<T>): Promise<RelayResult<T>> {
    const relay = this.#network.relayAt(this.address)
    return relay !== undefined && this.reachable ? ask(relay.store) : refuse('unreachable')
  }
}
