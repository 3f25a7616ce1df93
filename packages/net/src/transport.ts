import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  ok,
  refuse,
  type AbortOptions,
  type Address,
  type DirectSession,
  type Hello,
  type Relay,
  type RelayId,
  type Result,
  type Transport,
  type TransportEvents,
} from '@sotto/interface'

import { dialDirect, kindOf } from './direct/dial.ts'
import { Direct } from './direct/direct.ts'
import { NetError } from './errors.ts'
import type { Gate } from './gate.ts'
import type { DirectTransport, TransportInit } from './init.ts'
import { RelayLink } from './relay-link.ts'

/** What a platform adds: its libp2p node, not yet started, and the ways it has to connect directly. */
export interface Platform {
  readonly init: TransportInit
  readonly gate: Gate
  readonly transports: readonly DirectTransport[]
  createNode(): Promise<Libp2p>
}

/** The `Transport` port on libp2p. A fresh PeerId at every start. */
export class Libp2pTransport implements Transport {
  readonly #platform: Platform
  readonly #links = new Map<RelayId, RelayLink>()
  readonly #dials = new Map<string, Promise<Result<DirectSession, 'unreachable' | 'refused' | 'not-direct'>>>()
  #node: Libp2p | undefined
  #direct: Direct | undefined
  #events: TransportEvents | undefined

  constructor(platform: Platform) {
    this.#platform = platform
  }

  get peerId(): string {
    return this.#started().peerId.toString()
  }

  get addresses(): readonly Address[] {
    if (this.#platform.init.relaysOnly === true) return []
    return this.#started()
      .getMultiaddrs()
      .map((address) => address.toString() as Address)
      .filter((address) => kindOf(address) !== undefined)
  }

  async start(events: TransportEvents, hello: Hello): Promise<void> {
    const node = await this.#platform.createNode()
    this.#events = events
    this.#direct = new Direct(this.#platform.init, node, events, hello)
    await this.#direct.register()
    let known = ''
    node.addEventListener('self:peer:update', () => {
      if (this.#node === undefined) return
      const addresses = this.addresses
      if (addresses.join() === known) return
      known = addresses.join()
      events.onAddresses(addresses)
    })
    this.#node = node
    try {
      await node.start()
    } catch (cause) {
      this.#node = undefined
      throw new NetError('listen-failed', 'Sotto cannot listen for connections on this machine. Check its network.', {
        cause,
      })
    }
    for (const link of this.#links.values()) link.start(node)
  }

  async stop(): Promise<void> {
    for (const link of this.#links.values()) link.stop()
    this.#direct?.stop()
    const node = this.#node
    this.#node = undefined
    await node?.stop()
  }

  relay(address: Address): Relay {
    const id = relayIdIn(address)
    const known = this.#links.get(id)
    if (known !== undefined) return known
    const link = new RelayLink(address, id, this.#platform.init, {
      onMail: (relay, mailbox) => this.#events?.onMail(relay, mailbox),
      onSignal: (relay, mailbox, record) => this.#events?.onSignal(relay, mailbox, record),
      onRelay: (relay) => this.#events?.onRelay(relay),
    })
    this.#links.set(id, link)
    if (this.#node !== undefined) link.start(this.#node)
    return link
  }

  forget(relay: RelayId): void {
    this.#links.get(relay)?.stop()
    this.#links.delete(relay)
  }

  expect(peer: string, until: number): void {
    this.#platform.gate.expect(peer, until)
  }

  dial: Transport['dial'] = (peer, addresses, context, options = {}) => {
    const name = `${context} ${peer}`
    const running = this.#dials.get(name)
    if (running !== undefined) return running
    const dial = this.#dial(peer, addresses, context, options).finally(() => this.#dials.delete(name))
    this.#dials.set(name, dial)
    return dial
  }

  async #dial(
    peer: string,
    addresses: readonly Address[],
    context: string,
    { signal }: AbortOptions,
  ): Promise<Result<DirectSession, 'unreachable' | 'refused' | 'not-direct'>> {
    const { init, transports } = this.#platform
    if (init.relaysOnly === true || this.#direct === undefined) return refuse('not-direct')
    const mine = addresses.filter((address) => address.endsWith(`/p2p/${peer}`))
    const connection = await dialDirect(this.#started(), peer, mine, { transports, signal })
    if (typeof connection === 'string') return refuse(connection)
    const session = await this.#direct.open(connection, context)
    if (session !== undefined) return ok(session)
    connection.abort(new Error('hello refused'))
    return refuse('refused')
  }

  #started(): Libp2p {
    if (this.#node === undefined) throw new NetError('not-started', 'The network is not started.')
    return this.#node
  }
}

function relayIdIn(address: Address): RelayId {
  try {
    const last = multiaddr(address).getComponents().at(-1)
    if (last?.name === 'p2p' && last.value !== undefined) return last.value as RelayId
  } catch {
    // Said below.
  }
  throw new NetError('bad-address', 'This is not the address of a relay; it must end in /p2p/ and a peer id.')
}
