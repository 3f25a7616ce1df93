import type { Relay } from '@sotto/interface'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { ConversationMailbox } from '../mail/mailboxes.ts'
import type { Post } from '../mail/post.ts'
import { openOffer, sealOffer, type Offer } from './offers.ts'
import type { Sessions } from './sessions.ts'

/** Half of an offer's life: while nobody is connected, a new one goes out this often. */
const REPEAT_MS = 300_000
/** A failed dial or a lost path is tried again after this, then twice as long, up to a minute. */
const FIRST_RETRY_MS = 2_000
const MAX_RETRY_MS = 60_000

/** Finds direct paths to the devices of active conversations: signed offers through mailboxes' signals, then dials. */
export class Finder {
  readonly #context: Context
  readonly #sessions: Sessions
  readonly #background: (work: () => Promise<unknown>) => void
  readonly #retries = new Map<string, { ms: number; cancel: () => void }>()

  constructor(context: Context, sessions: Sessions, background: (work: () => Promise<unknown>) => void) {
    this.#context = context
    this.#background = background
    this.#sessions = sessions
  }

  /** Tells the other devices, through this relay, where we are. */
  async announce(post: Post, isAnswer = false): Promise<void> {
    const { conversation, relay, content } = post
    if (content === undefined || !isOpen(conversation) || this.#sessions.covers(conversation)) return
    const { transport } = this.#context
    const about = { peer: transport.peerId, addresses: transport.addresses, isAnswer }
    const record = await sealOffer(conversation, content, about)
    if (record === undefined) return
    await relay.signal(content.id, content.writeKey, record)
    if (!isAnswer) this.#later(post, REPEAT_MS)
  }

  /** A signal came: if it is an offer of a device that we have no path to, answer it, or dial. */
  async onSignal(post: Post, mailbox: ConversationMailbox, record: Uint8Array): Promise<void> {
    const { conversation } = post
    if (!isOpen(conversation)) return
    const offer = await openOffer(conversation, mailbox, record)
    if (offer === undefined || this.#sessions.has(conversation.id, offer.device)) return
    this.#context.transport.expect(offer.peer, offer.expiresAt)
    if (!offer.isAnswer) await this.announce(post, true)
    // One side dials, so that two dials do not meet: the device with the lower id.
    if (this.#context.profile().device < offer.device) await this.#dial(post, offer)
  }

  /** A path ended: look for a new one. */
  onLost(posts: readonly Post[]): void {
    for (const post of posts) this.#later(post, FIRST_RETRY_MS)
  }

  stop(): void {
    for (const retry of this.#retries.values()) retry.cancel()
    this.#retries.clear()
  }

  async #dial(post: Post, offer: Offer): Promise<void> {
    const { conversation } = post
    const dialled = await this.#context.transport.dial(offer.peer, offer.addresses, conversation.id)
    if (dialled.ok || this.#sessions.has(conversation.id, offer.device)) return
    this.#context.logger.debug('dial failed', { reason: dialled.reason })
    const before = this.#retries.get(nameOf(post))?.ms ?? FIRST_RETRY_MS
    this.#later(post, Math.min(MAX_RETRY_MS, before === REPEAT_MS ? FIRST_RETRY_MS : before * 2))
  }

  #later(post: Post, ms: number): void {
    const name = nameOf(post)
    this.#retries.get(name)?.cancel()
    const cancel = this.#context.clock.after(ms, () => this.#background(() => this.announce(post)))
    this.#retries.set(name, { ms, cancel })
  }
}

/** Only people who have said yes to each other learn addresses. */
function isOpen(conversation: Conversation): boolean {
  return conversation.row.phase === 'active'
}

function nameOf(post: { conversation: Conversation; relay: Relay }): string {
  return `${post.conversation.id} ${post.relay.id}`
}
