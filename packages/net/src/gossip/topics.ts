import type { Topic, TransportEvents } from '@sotto/interface'
import { GOSSIP_PROTOCOL, MAX_ENVELOPE_BYTES } from '@sotto/wire'

import { NetError } from '../errors.ts'
import type { Gate } from '../gate.ts'
import type { TransportInit } from '../init.ts'
import type { Node } from '../platform.ts'
import { Intake } from './intake.ts'
import { MAX_TOPIC_HELD, MAX_TOPIC_INVALID, MAX_TOPIC_NAME, TOPIC_KEY_BYTES } from './limits.ts'
import { Links } from './links.ts'
import { createRouter, invalidMessages, type Router } from './router.ts'
import { Tagging } from './tagging.ts'

/** How often peers are tried again that are connected but were not in the topic, or left it. */
const RETRY_MS = 10_000
const NAME = /^[0-9a-z]+$/

export interface TopicsInit {
  readonly init: TransportInit
  readonly gate: Gate
  readonly node: Node
  readonly events: TransportEvents
}

/** The topics of one run of the transport. */
export class Topics {
  readonly #parts: TopicsInit
  readonly #joined = new Map<string, GossipTopic>()
  /** When those that were left are gone. */
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(parts: TopicsInit) {
    this.#parts = parts
  }

  join(name: string, key: Uint8Array): Topic {
    if (this.#joined.has(name)) throw new NetError('topic-joined', 'This device takes part in that topic already.')
    if (!NAME.test(name) || name.length > MAX_TOPIC_NAME || key.length !== TOPIC_KEY_BYTES)
      throw new NetError(
        'bad-topic',
        `A topic has a name of up to ${MAX_TOPIC_NAME} small letters and digits and a key of ${TOPIC_KEY_BYTES} bytes.`,
      )
    const topic = new GossipTopic(this.#parts, name, key, this.#leaving.get(name) ?? Promise.resolve(), (gone) => {
      this.#joined.delete(name)
      const done = gone.finally(() => {
        if (this.#leaving.get(name) === done) this.#leaving.delete(name)
      })
      this.#leaving.set(name, done)
    })
    this.#joined.set(name, topic)
    return topic
  }

  /** Some connection came past hello, or ended. */
  refresh(): void {
    for (const topic of this.#joined.values()) topic.refresh()
  }

  async stop(): Promise<void> {
    for (const topic of this.#joined.values()) topic.leave()
    await Promise.all(this.#leaving.values())
  }
}

/** One topic: a gossipsub of its own. */
class GossipTopic implements Topic {
  readonly #name: string
  readonly #links: Links
  readonly #router: Router
  readonly #started: Promise<void>
  readonly #onLeave: (gone: Promise<void>) => void
  /** gossipsub itself forgets them when a peer comes back. */
  readonly #invalid = new Map<string, number>()
  /** What was published while nobody was there. */
  readonly #held: Uint8Array[] = []
  #cancelRetry = (): void => undefined
  #isOver = false

  constructor(
    { init, gate, node, events }: TopicsInit,
    name: string,
    key: Uint8Array,
    before: Promise<void>,
    onLeave: (gone: Promise<void>) => void,
  ) {
    const protocol = `${GOSSIP_PROTOCOL}${name}`
    const onLoss = (reason: string): void => init.metrics?.count('gossip_lost', { reason })
    this.#name = name
    this.#onLeave = onLeave
    this.#links = new Links({
      node,
      gate,
      protocol,
      isBarred: (peer) => (this.#invalid.get(peer) ?? 0) >= MAX_TOPIC_INVALID,
      onDrop: (peer) => this.#note(peer),
    })
    this.#router = createRouter({
      topic: name,
      protocol,
      self: node.peerId,
      registrar: this.#links.registrar,
      tagging: new Tagging(key),
      clock: init.clock,
      onLoss,
    })
    const intake = new Intake((envelope) => (this.#isOver ? undefined : events.onGossip?.(name, envelope)))
    this.#router.addEventListener('message', ({ detail }) => {
      // A copy: it is a part of a larger frame, and on Node a Buffer.
      if (!intake.add(new Uint8Array(detail.data))) onLoss('too-slow')
    })
    this.#router.addEventListener('subscription-change', () => {
      if (this.peers > 0) for (const envelope of this.#held.splice(0)) this.#send(envelope)
    })
    this.#router.addEventListener('gossipsub:heartbeat', () => {
      this.#links.keep(new Set(this.#router.getPeers().map((peer) => peer.toString())))
    })
    this.#started = before
      .then(() => this.#start(init.clock))
      .catch(() => init.logger.warn('a topic could not be joined'))
  }

  get peers(): number {
    return this.#router.getSubscribers(this.#name).length
  }

  setPeers(peers: readonly string[]): void {
    if (this.#isOver) return
    if (peers.length === 0) this.#held.length = 0
    this.#links.set(peers)
  }

  publish(envelope: Uint8Array): void {
    if (envelope.length === 0 || envelope.length > MAX_ENVELOPE_BYTES)
      throw new NetError('too-large', `An envelope has 1 to ${MAX_ENVELOPE_BYTES} bytes; send more as fragments.`)
    if (this.#isOver) return
    if (this.peers > 0) return this.#send(envelope)
    // gossipsub would take it for said, and not say it again when somebody is there.
    if (!this.#links.isForNobody) this.#held.push(envelope.slice())
    if (this.#held.length > MAX_TOPIC_HELD) this.#held.shift()
  }

  refresh(): void {
    if (!this.#isOver) this.#links.refresh()
  }

  leave(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelRetry()
    this.#held.length = 0
    this.#links.close()
    this.#onLeave(this.#started.then(() => this.#router.stop()).catch(() => undefined))
  }

  #send(envelope: Uint8Array): void {
    // What cannot be sent now is lost, as it may be anywhere else on the way.
    void this.#router.publish(this.#name, envelope).catch(() => undefined)
  }

  #note(peer: string): void {
    const more = invalidMessages(this.#router, this.#name, peer)
    if (more > 0) this.#invalid.set(peer, (this.#invalid.get(peer) ?? 0) + more)
  }

  async #start(clock: TransportInit['clock']): Promise<void> {
    if (this.#isOver) return
    await this.#router.start()
    this.#router.subscribe(this.#name)
    const retry = (): void => {
      this.refresh()
      if (!this.#isOver) this.#cancelRetry = clock.after(RETRY_MS, retry)
    }
    retry()
  }
}
