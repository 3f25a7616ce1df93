import {
  EMPTY_REASSEMBLY,
  openEnvelope,
  sealEnvelope,
  sizeFor,
  splitInner,
  takeFragment,
  type Reassembly,
} from '@sotto/group'
import type { Clock, ConversationId, InnerId, Topic, Transport } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import type { OutboxRow } from '../conversation/outbox-row.ts'
import { receive } from '../conversation/receive.ts'
import { mayLeave } from '../mail/post.ts'
import type { GenerationContext } from '../mail/mailboxes.ts'
import type { Sessions } from './sessions.ts'

/** Whoever has not followed a commit yet listens under the keys before it. */
const KEPT_GENERATIONS = 2
/** The network takes the same bytes for known for two minutes; what nobody has acknowledged by then goes out again. */
const AGAIN_MS = 150_000

/** One generation's topic, and what went out over it when. */
interface Joined {
  readonly conversation: Conversation
  readonly generation: GenerationContext
  readonly topic: Topic
  readonly published: Map<InnerId, number>
  reassembly: Reassembly
}

/**
 * Groups over gossip: members with whom there is no path of our own are reached by way of those with whom there is. A hint path: nothing
 * counts as held because of it, and receipts end what is said again.
 */
export class Gossip {
  readonly #transport: Transport
  readonly #sessions: Sessions
  readonly #clock: Clock
  /** By the topic's name. */
  readonly #joined = new Map<string, Joined>()

  constructor(parts: { transport: Transport; clock: Clock; sessions: Sessions }) {
    this.#transport = parts.transport
    this.#clock = parts.clock
    this.#sessions = parts.sessions
  }

  /** Takes part in the topics of a group's newest generations with the members that are connected to us. */
  refresh(conversation: Conversation): void {
    if (conversation.kind !== 'group') return
    const peers = conversation.isOver ? [] : this.#sessions.peersOf(conversation)
    const kept = peers.length === 0 ? [] : conversation.generations.slice(0, KEPT_GENERATIONS)
    const wanted = new Set(kept.map(nameOf))
    for (const [name, { conversation: owner, topic }] of this.#joined) {
      if (owner !== conversation || wanted.has(name)) continue
      topic.leave()
      this.#joined.delete(name)
    }
    for (const generation of kept) this.#join(conversation, generation).topic.setPeers(peers)
  }

  /** Publishes what waits for members that are on no path of ours. */
  async publish(conversation: Conversation): Promise<void> {
    this.refresh(conversation)
    if (conversation.kind !== 'group' || this.#sessions.covers(conversation)) return
    const rows = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
    const waiting = rows.filter((row) => mayLeave(conversation, row) && row.kind !== 'head')
    const ids = new Set(waiting.map(({ innerId }) => innerId))
    for (const joined of this.#joinedBy(conversation.id)) {
      for (const innerId of joined.published.keys()) if (!ids.has(innerId)) joined.published.delete(innerId)
      for (const row of waiting) this.#publishRow(joined, row)
    }
  }

  /** An envelope came over a topic. */
  async take(name: string, envelope: Uint8Array): Promise<void> {
    const joined = this.#joined.get(name)
    if (joined === undefined) return
    const { conversation, generation } = joined
    const opened = openEnvelope({ keys: generation.keys, path: 'gossip', envelope })
    if (!opened.ok) return conversation.context.logger.debug('refused', { reason: opened.reason })
    const { next, result } = takeFragment(joined.reassembly, opened.value)
    joined.reassembly = next
    if (!result.ok || result.value.type === 'waiting') return
    const { innerId, inner } = result.value
    await conversation.lane.run(() => receive(conversation, innerId, inner, { via: 'gossip' }))
  }

  stop(): void {
    for (const { topic } of this.#joined.values()) topic.leave()
    this.#joined.clear()
  }

  #join(conversation: Conversation, generation: GenerationContext): Joined {
    const name = nameOf(generation)
    const known = this.#joined.get(name)
    if (known !== undefined) return known
    const topic = this.#transport.topic({ name, key: generation.keys.gossip })
    const joined = { conversation, generation, topic, published: new Map(), reassembly: EMPTY_REASSEMBLY }
    this.#joined.set(name, joined)
    return joined
  }

  #joinedBy(conversation: ConversationId): Joined[] {
    return [...this.#joined.values()].filter((joined) => joined.conversation.id === conversation)
  }

  #publishRow({ generation, topic, published }: Joined, row: OutboxRow): void {
    const now = this.#clock.monotonic()
    if (row.generation !== generation.id || now - (published.get(row.innerId) ?? -Infinity) < AGAIN_MS) return
    const size = Math.min(sizeFor(row.inner.length, 'gossip'), MAX_ENVELOPE_BYTES)
    const fragments = splitInner(row.inner, size)
    if (!fragments.ok) return
    published.set(row.innerId, now)
    for (const fragment of fragments.value) {
      topic.publish(sealEnvelope({ keys: generation.keys, path: 'gossip', size, ...fragment }))
    }
  }
}

function nameOf({ keys }: GenerationContext): string {
  return toHex(keys.topic)
}
