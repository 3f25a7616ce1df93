import type { Relay } from '@sotto/interface'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { ConversationMailbox } from '../mail/mailboxes.ts'
import type { Post } from '../mail/post.ts'
import { openOffer, sealOffer, type Offer } from './offers.ts'
import type { Sessions } from './sessions.ts'

/**
 * While nobody is connected an offer goes out again after this, then after twice as long, up to half of its life: a signal is kept
 * by nobody, and a dial may fail.
 */
const FIRST_REPEAT_MS = 2_000
const MAX_REPEAT_MS = 300_000

/** Finds direct paths to the devices of active conversations: signed offers through mailboxes' signals, then dials. */
export class Finder {
  readonly #context: Context
  readonly #sessions: Sessions
  readonly #background: (work: () => Promise<unknown>) => void
  readonly #repeats = new Map<string, () => void>()

  constructor(context: Context, sessions: Sessions, background: (work: () => Promise<unknown>) => void) {
    this.#context = context
    this.#background = background
    this.#sessions = sessions
  }

  /** Tells the other devices, through this relay, where we are, and goes on until they are connected. */
  async announce(post: Post): Promise<void> {
    if (await this.#offer(post, { isAnswer: false })) this.#repeat(post, FIRST_REPEAT_MS)
  }

  /** A signal came: if it is an offer of a device that we have no path to, answer it, or dial. */
  async onSignal(post: Post, mailbox: ConversationMailbox, record: Uint8Array): Promise<void> {
    const { conversation } = post
    if (!isOpen(conversation) || this.#isHidden) return
    const offer = await openOffer(conversation, mailbox, record)
    if (offer === undefined || this.#sessions.has(offer.device)) return
    this.#context.transport.expect(offer.peer, offer.expiresAt)
    if (!offer.isAnswer) await this.#offer(post, { isAnswer: true })
    // One side dials, so that two dials do not meet: the device with the lower id.
    if (this.#context.profile().device < offer.device) await this.#dial(post, offer)
  }

  /** A path ended: look for a new one. */
  onLost(posts: readonly Post[]): void {
    for (const post of posts) this.#repeat(post, FIRST_REPEAT_MS)
  }

  stop(): void {
    for (const cancel of this.#repeats.values()) cancel()
    this.#repeats.clear()
  }

  /** Whoever wants relays only tells nobody where this device is, and goes to nobody. */
  get #isHidden(): boolean {
    return this.#context.profile().relaysOnly
  }

  /** False when there is nobody to find. */
  async #offer(post: Post, { isAnswer }: { isAnswer: boolean }): Promise<boolean> {
    const { conversation, relay, content } = post
    if (content === undefined || this.#isHidden || !isOpen(conversation) || this.#sessions.covers(conversation))
      return false
    const { transport } = this.#context
    const record = await sealOffer(conversation, content, {
      peer: transport.peerId,
      addresses: transport.addresses,
      isAnswer,
    })
    if (record !== undefined) await relay.signal(content.id, content.writeKey, record)
    return true
  }

  async #dial(post: Post, offer: Offer): Promise<void> {
    const { conversation } = post
    const dialled = await this.#context.transport.dial(offer.peer, offer.addresses, conversation.id)
    if (dialled.ok || this.#sessions.has(offer.device)) return
    this.#context.logger.debug('dial failed', { reason: dialled.reason })
  }

  #repeat(post: Post, ms: number): void {
    const name = nameOf(post)
    this.#repeats.get(name)?.()
    const again = async (): Promise<void> => {
      if (await this.#offer(post, { isAnswer: false })) this.#repeat(post, Math.min(MAX_REPEAT_MS, 2 * ms))
    }
    this.#repeats.set(
      name,
      this.#context.clock.after(ms, () => this.#background(again)),
    )
  }
}

/** Only people who have said yes to each other learn addresses, and devices of one account. */
function isOpen({ row, kind }: Conversation): boolean {
  return row.phase === 'active' && kind !== 'group'
}

function nameOf(post: { conversation: Conversation; relay: Relay }): string {
  return `${post.conversation.id} ${post.relay.id}`
}
