import type { Address, Hello, Relay, RelayId, Topic, Transport, TransportEvents } from '@sotto/interface'

import { reachableAt, relayIdIn } from './addresses.ts'
import { Dialler } from './direct/dialler.ts'
import { Direct } from './direct/direct.ts'
import { NetError } from './errors.ts'
import { Topics } from './gossip/topics.ts'
import { guardEvents } from './guarded-events.ts'
import type { Node, Platform } from './platform.ts'
import { RelayLink } from './relay-link.ts'

/** What exists between `start` and `stop`. */
interface Run {
  readonly node: Node
  readonly events: TransportEvents
  readonly direct: Direct
  readonly dialler: Dialler
  readonly topics: Topics
  readonly offline: (() => void) | undefined
}

/** The `Transport` port on libp2p. A fresh PeerId at every start. */
export class Libp2pTransport implements Transport {
  readonly #platform: Platform
  readonly #links = new Map<RelayId, RelayLink>()
  #run: Run | undefined

  constructor(platform: Platform) {
    this.#platform = platform
  }

  get peerId(): string {
    return this.#started().node.peerId.toString()
  }

  get addresses(): readonly Address[] {
    const all = this.#started().node.getMultiaddrs()
    if (this.#platform.transports.length === 0) return []
    return reachableAt(
      all.map((address) => address.toString()),
      new Set(this.#links.keys()),
    )
  }

  async start(events: TransportEvents, hello: Hello): Promise<void> {
    if (this.#run !== undefined) throw new NetError('already-started', 'The network is started already.')
    const run = await this.#prepare(guardEvents(events, this.#platform.init.logger), hello)
    this.#run = run
    try {
      await run.node.start()
    } catch (cause) {
      await this.stop()
      throw new NetError('listen-failed', 'Sotto cannot listen for connections on this machine. Check its network.', {
        cause,
      })
    }
    for (const link of this.#links.values()) link.start(run.node)
  }

  async stop(): Promise<void> {
    const run = this.#run
    if (run === undefined) return
    run.offline?.()
    for (const link of this.#links.values()) link.stop()
    run.direct.stop()
    this.#run = undefined
    await run.topics.stop()
    await run.node.stop()
  }

  relay(address: Address): Relay {
    const id = relayIdIn(address)
    const known = this.#links.get(id)
    if (known !== undefined) {
      known.alsoAt(address)
      return known
    }
    const link = new RelayLink(address, id, this.#platform.init, {
      onMail: (relay, mailbox) => this.#run?.events.onMail(relay, mailbox),
      onSignal: (relay, mailbox, record) => this.#run?.events.onSignal(relay, mailbox, record),
      onRelay: (relay) => this.#run?.events.onRelay(relay),
    })
    this.#links.set(id, link)
    this.#platform.gate.addRelay(id)
    if (this.#run !== undefined) link.start(this.#run.node)
    return link
  }

  hurry(): void {
    for (const link of this.#links.values()) link.hurry()
  }

  forget(relay: RelayId): void {
    this.#platform.gate.removeRelay(relay)
    this.#links.get(relay)?.stop()
    this.#links.delete(relay)
  }

  expect(peer: string, until: number): void {
    this.#platform.gate.expect(peer, until)
  }

  dial: Transport['dial'] = async (peer, addresses, context, options = {}) =>
    this.#started().dialler.dial(peer, addresses, context, options)

  topic({ name, key }: { readonly name: string; readonly key: Uint8Array }): Topic {
    return this.#started().topics.join(name, key)
  }

  async #prepare(events: TransportEvents, hello: Hello): Promise<Run> {
    const { init, gate, onOnline, transports } = this.#platform
    const node = await this.#platform.createNode()
    const topics = new Topics({ init, gate, node, events })
    const hasRelay = (): boolean => [...this.#links.values()].some(({ reachable }) => reachable)
    const direct = new Direct({ init, gate, node, events, hello, hasRelay })
    gate.onProved(() => topics.refresh())
    node.addEventListener('connection:close', () => topics.refresh())
    if (transports.length > 0) await direct.register()
    node.services.circuits.onLost((relay) => this.#links.get(relay as RelayId)?.onReservationLost())
    let known = ''
    node.addEventListener('self:peer:update', () => {
      if (this.#run?.node !== node) return
      const { addresses } = this
      if (addresses.join() === known) return
      known = addresses.join()
      events.onAddresses(addresses)
    })
    const offline = onOnline?.(() => this.hurry())
    return { node, events, direct, dialler: new Dialler(this.#platform, node, direct), topics, offline }
  }

  #started(): Run {
    if (this.#run === undefined) throw new NetError('not-started', 'The network is not started.')
    return this.#run
  }
}
