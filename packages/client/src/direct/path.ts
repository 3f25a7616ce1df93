import { EMPTY_REASSEMBLY, sealEnvelope, sizeFor, splitInner, type Reassembly } from '@sotto/group'
import type { Clock, ConversationId, DeviceId, DirectSession } from '@sotto/interface'
import { MAX_ENVELOPE_BYTES } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import type { OutboxRow } from '../conversation/outbox-row.ts'
import { Lane } from '../lane.ts'
import { KeyUse } from './key-use.ts'
import { Risk } from './risk.ts'
import { Sent } from './sent.ts'

/** When whoever was turned away because the other end has refused so much looks again. */
const LOOK_AGAIN_MS = 1_000

/** What goes, and the keys under which it does. */
export type Item = Pick<OutboxRow, 'inner' | 'generation'>

export interface PathInit {
  readonly session: DirectSession
  readonly device: DeviceId
  readonly clock: Clock
  /** What waits in a conversation may go now, as far as there is room. */
  flush(conversation: Conversation): void
}

/** One proven path: what has gone over it, which keys its other end has, and what may go now. */
export class Path {
  readonly session: DirectSession
  readonly device: DeviceId
  reassembly: Reassembly = EMPTY_REASSEMBLY
  readonly #init: PathInit
  readonly #sent = new Map<ConversationId, Sent>()
  readonly #keys = new Map<string, KeyUse>()
  readonly #risk = new Risk()
  readonly #turnedAway = new Set<Conversation>()
  /** The other end keeps only so many items that it has in part. */
  readonly #large = new Lane()

  constructor(init: PathInit) {
    this.session = init.session
    this.device = init.device
    this.#init = init
  }

  /** What has gone over it of a conversation. */
  sent(conversation: ConversationId): Sent {
    const sent = this.#sent.get(conversation) ?? new Sent()
    this.#sent.set(conversation, sent)
    return sent
  }

  isKnown(generation: string): boolean {
    return this.#use(generation).isKnown
  }

  /** Whether one more item may go under these keys now. If not, the conversation is flushed when that may have changed. */
  hasRoom(conversation: Conversation, generation: string): boolean {
    const now = this.#init.clock.monotonic()
    const use = this.#use(generation)
    if (!use.hasRoom(now)) return false
    if (!this.#risk.isTooHigh(now, use.isFlowing)) return true
    this.#turnAway(conversation)
    return false
  }

  /**
   * Sends an item for which there is room; true once the other end holds it. If that does not take it, `again` is called after a while: it may go
   * again, and its conversation is flushed.
   */
  async carry(conversation: Conversation, { inner, generation }: Item, again: () => void = () => {}): Promise<boolean> {
    const use = this.#use(generation)
    use.began()
    this.#risk.began()
    const isHeld = await this.send(conversation, { inner, generation })
    if (!isHeld) this.#refused(conversation, use, again)
    else {
      this.#risk.held()
      if (use.held()) this.#init.flush(conversation)
    }
    return isHeld
  }

  /** The other end has sealed something of the conversation under these keys. */
  shown(conversation: Conversation, generation: string): void {
    if (this.#use(generation).shown()) this.#init.flush(conversation)
  }

  /** Under the generation that the item was made for: who lacks a newer one finds the commit to it among these. True once the other end holds it. */
  async send(conversation: Conversation, { inner, generation }: Item): Promise<boolean> {
    const { keys } = conversation.generations.find(({ id }) => id === generation) ?? conversation.generation
    const size = Math.min(sizeFor(inner.length, 'direct'), MAX_ENVELOPE_BYTES)
    const fragments = splitInner(inner, size)
    if (!fragments.ok) return false
    const seal = (fragment: (typeof fragments.value)[number]): Promise<boolean> =>
      this.session.send(sealEnvelope({ keys, path: 'direct', size, ...fragment }))
    const [first, ...others] = fragments.value
    if (first === undefined) return false
    if (others.length === 0) return seal(first)
    // Whoever cannot open the first is spared the others.
    return this.#large.run(
      async () => (await seal(first)) && (await Promise.all(others.map(seal))).every((isHeld) => isHeld),
    )
  }

  #refused(conversation: Conversation, use: KeyUse, again: () => void): void {
    const { clock, flush } = this.#init
    const now = clock.monotonic()
    this.#risk.refused(now)
    const waitMs = use.refused(now, again)
    if (waitMs === undefined) return
    clock.after(waitMs, () => {
      use.release()
      flush(conversation)
    })
  }

  #turnAway(conversation: Conversation): void {
    if (this.#turnedAway.has(conversation)) return
    this.#turnedAway.add(conversation)
    this.#init.clock.after(LOOK_AGAIN_MS, () => {
      this.#turnedAway.delete(conversation)
      this.#init.flush(conversation)
    })
  }

  #use(generation: string): KeyUse {
    const use = this.#keys.get(generation) ?? new KeyUse()
    this.#keys.set(generation, use)
    return use
  }
}

/** Whether the other end was in when that generation was opened: else it cannot open what is sealed under it. */
export function wasIn({ generations }: Conversation, { device }: Path, id: string): boolean {
  return generations.find((known) => known.id === id)?.devices.includes(device) === true
}
