import {
  ok,
  refuse,
  type Address,
  type Clock,
  type DirectSession,
  type Hello,
  type Relay,
  type RelayId,
  SottoError,
  type Topic,
  type Transport,
  type TransportEvents,
} from '@sotto/interface'

import { concat } from 'uint8arrays/concat'
import { toString } from 'uint8arrays/to-string'

import { MemoryLink, relayIdOf, type MemoryRelay } from './memory-link.ts'
import { MemoryRelayStore } from './memory-relay.ts'
import { memoryPath, type MemorySession } from './memory-session.ts'
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

type Dialled = ReturnType<Transport['dial']>

/** Peers and relays of one process: the double of libp2p. Everything arrives, in order, one microtask later. */
export class MemoryNetwork {
  readonly #clock: Clock
  readonly #relays = new Map<RelayId, MemoryRelay>()
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

  relayAt(address: Address): MemoryRelay | undefined {
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

/** A peer of the network, with the whole `Transport` port. */
export class MemoryTransport implements Transport {
  readonly peerId: string
  readonly #network: MemoryNetwork
  readonly #clock: Clock
  readonly #links = new Map<Address, MemoryLink>()
  readonly sessions: Set<MemorySession> = new Set()
  readonly #expected = new Set<string>()
  readonly #dialling = new Map<string, Dialled>()
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
    const link =
      this.#links.get(address) ?? new MemoryLink({ owner: this, network: this.#network, clock: this.#clock }, address)
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

  dial(peer: string, _addresses: readonly Address[], context: string): Dialled {
    const known = [...this.sessions].find((session) => session.peer === peer && session.context === context)
    if (known !== undefined) return Promise.resolve(ok(known))
    const name = `${peer} ${context}`
    const dialling = this.#dialling.get(name) ?? this.#dial(peer, context).finally(() => this.#dialling.delete(name))
    this.#dialling.set(name, dialling)
    return dialling
  }

  async #dial(peer: string, context: string): Dialled {
    const other = this.#network.peer(peer)
    const { hello } = this
    if (other?.hello === undefined || hello === undefined || !other.#expected.has(this.peerId))
      return refuse('unreachable')
    if (this.#network.faults.noDirect === true) return refuse('unreachable')
    const peers = { dialler: this.peerId, listener: peer }
    const accepted = await other.hello.accept(await hello.dial(context, peers), peers)
    if (accepted === undefined || !(await hello.confirm(context, accepted.reply, peers))) return refuse('refused')
    // Both may have dialled at once: the first one that is through is used.
    const there = [...this.sessions].find((session) => session.peer === peer && session.context === context)
    return ok(there ?? this.#begin(other, context, accepted.context))
  }

  #begin(other: MemoryTransport, context: string, theirs: string): DirectSession {
    const tamper = (envelope: Uint8Array): Uint8Array | undefined => {
      const { faults } = this.#network
      return faults.tamper === undefined ? envelope : faults.tamper(envelope)
    }
    const [here, there] = memoryPath(
      { owner: this, context, peer: other.peerId },
      { owner: other, context: theirs, peer: this.peerId },
      { tamper, now: () => this.#clock.monotonic() },
    )
    other.events?.onSession(there)
    this.events?.onSession(here)
    this.#network.topicsChanged()
    return here
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
