import type { ConversationId, MailboxId, Relay, RelayId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { dropOld, rekeyIfDue } from '../conversation/rekey.ts'
import { endIfLongOut } from '../groups/out.ts'
import { Post, type DirectView } from './post.ts'

export interface PostsInit {
  readonly direct: DirectView
  background(work: () => Promise<unknown>): void
  /** Everything of it at one relay has been read. */
  onCurrent(conversation: Conversation): void
}

/** Every conversation at each of its relays that has answered. */
export class Posts {
  readonly #init: PostsInit
  readonly #posts = new Map<string, Post>()

  constructor(init: PostsInit) {
    this.#init = init
  }

  /** Those of a conversation, or all. */
  of(conversation?: Conversation): Post[] {
    const all = [...this.#posts.values()]
    return conversation === undefined ? all : all.filter((post) => post.conversation === conversation)
  }

  /** The one that a mailbox belongs to. */
  at(relay: RelayId, mailbox: MailboxId): Post | undefined {
    return this.of().find((post) => post.relay.id === relay && post.mailbox(mailbox) !== undefined)
  }

  get isBusy(): boolean {
    return this.of().some((post) => post.isBusy)
  }

  /** Items that came in by mailbox since the start. */
  get received(): number {
    return this.of()
      .flatMap((post) => post.boxes())
      .reduce((sum, box) => sum + box.received, 0)
  }

  /** The relay answers: what lies there is read, then what waits goes out. Answers the post, unless the conversation has ended. */
  async open(conversation: Conversation, relay: Relay): Promise<Post | undefined> {
    await conversation.lane.run(() => endIfLongOut(conversation))
    if (conversation.row.phase === 'ended') return undefined
    const post = this.#postFor(conversation, relay)
    await post.open()
    await conversation.lane.run(async () => {
      await rekeyIfDue(conversation, { full: post.isNearlyFull })
      await dropOld(conversation, conversation.context.clock.now())
      await conversation.step({ type: 'seal-due' })
    })
    return post
  }

  /** There is mail in that mailbox. */
  async onMail(relay: RelayId, mailbox: MailboxId): Promise<void> {
    const post = this.at(relay, mailbox)
    const box = post?.boxes().find((candidate) => candidate.init.id === mailbox)
    await box?.read()
    if (post?.isNearlyFull !== true) return
    await post.conversation.lane.run(() => rekeyIfDue(post.conversation, { full: true }))
  }

  /** That relay does not answer any more. */
  lost(relay: Relay): void {
    for (const post of this.of()) if (post.relay.id === relay.id) post.lost()
  }

  /** The outbox has something new. */
  deposit(conversation: Conversation): void {
    for (const post of this.of(conversation)) this.#init.background(() => post.deposit())
  }

  /** A new generation: its mailboxes are made and read. */
  openAgain(conversation: Conversation): void {
    for (const post of this.of(conversation)) this.#init.background(() => post.open())
  }

  /** What is to be tried again later is tried now. */
  hurry(): void {
    for (const post of this.of()) if (post.isWaiting) this.#init.background(() => post.open())
  }

  /** Keys grow old also while no relay comes or goes. */
  renewKeys(): void {
    for (const post of this.of()) {
      const { conversation, isNearlyFull } = post
      this.#init.background(() => conversation.lane.run(() => rekeyIfDue(conversation, { full: isNearlyFull })))
    }
  }

  /** Nothing of that conversation is read or sent any more. */
  close(conversation: Conversation): void {
    for (const post of this.of(conversation)) {
      post.stop()
      post.relay.unsubscribe(post.boxes().map((box) => box.init.id))
      this.#posts.delete(nameOf(conversation.id, post.relay.id))
    }
  }

  stop(): void {
    for (const post of this.of()) post.stop()
  }

  #postFor(conversation: Conversation, relay: Relay): Post {
    const { direct, background, onCurrent } = this.#init
    const name = nameOf(conversation.id, relay.id)
    const post =
      this.#posts.get(name) ??
      new Post(conversation, relay, { direct, background, onCurrent: () => onCurrent(conversation) })
    this.#posts.set(name, post)
    return post
  }
}

function nameOf(conversation: ConversationId, relay: RelayId): string {
  return `${conversation} ${relay}`
}
