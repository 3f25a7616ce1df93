import type { DirectSession, MailboxId, Relay, RelayId, TransportEvents } from '@sotto/interface'
import type { Conversation } from './conversation/conversation.ts'
import type { NetworkParts, NetworkPartsInit } from './network-parts.ts'

/** Parts of the network, and what belongs to none of them. */
export interface ArrivalsInit extends Omit<NetworkParts, 'arrivals'>, NetworkPartsInit {}

/** What the transport tells: relays and paths that come and go, and what comes over them. */
export class Arrivals {
  readonly #init: ArrivalsInit

  constructor(init: ArrivalsInit) {
    this.#init = init
  }

  events(): TransportEvents {
    const { background, gossip, posts } = this.#init
    return {
      onEnvelope: (session, envelope) => this.#onEnvelope(session, envelope),
      onGossip: (topic, envelope) => gossip.take(topic, envelope),
      onSession: (session) => background(() => this.#onSession(session)),
      onSessionEnd: (session) => this.#onSessionEnd(session),
      onMail: (relay, mailbox) => background(() => this.#onMail(relay, mailbox)),
      onSignal: (relay, mailbox, record) => background(() => this.#onSignal(relay, mailbox, record)),
      onRelay: (relay) => {
        // At once: by the time that the rest is done, it may be back.
        if (!relay.reachable) posts.lost(relay)
        background(() => this.onRelay(relay))
      },
      onAddresses: () => this.announceAll(),
    }
  }

  /** A relay came or went, or is to be looked at again. */
  async onRelay(relay: Relay): Promise<void> {
    const { context, relays, kinds, knocks, conversations, isOnline } = this.#init
    if (!isOnline()) return
    relays.note(relay)
    context.changed()
    kinds.note()
    if (!relay.reachable) return
    await knocks.open(relay)
    const mine = [...conversations()].filter((entry) => entry.relays.includes(relay.address))
    await Promise.all(mine.map((conversation) => this.openPost(conversation, relay)))
  }

  async openPost(conversation: Conversation, relay: Relay): Promise<void> {
    const { posts, finder, kinds } = this.#init
    const post = await posts.open(conversation, relay)
    if (post === undefined) return
    await finder.announce(post)
    kinds.note()
  }

  /** Says anew at every relay where this device is. */
  announceAll(): void {
    const { background, posts, finder } = this.#init
    for (const post of posts.of()) background(() => finder.announce(post))
  }

  async #onEnvelope(session: DirectSession, envelope: Uint8Array): Promise<boolean> {
    const { doorkeeper, sessions } = this.#init
    const conversation = doorkeeper.conversationOf(session)
    return conversation !== undefined && (await sessions.take(conversation, session, envelope))
  }

  async #onMail(relay: RelayId, mailbox: MailboxId): Promise<void> {
    const { knocks, posts } = this.#init
    if (!(await knocks.onMail(relay, mailbox))) await posts.onMail(relay, mailbox)
  }

  async #onSignal(relay: RelayId, mailbox: MailboxId, record: Uint8Array): Promise<void> {
    const post = this.#init.posts.at(relay, mailbox)
    const lane = post?.mailbox(mailbox)
    if (post !== undefined && lane !== undefined) await this.#init.finder.onSignal(post, lane, record)
  }

  async #onSession(session: DirectSession): Promise<void> {
    const { context, doorkeeper, sessions, gossip, kinds } = this.#init
    const admitted = doorkeeper.admit(session)
    if (admitted === undefined || context.profile().relaysOnly) return session.close()
    const { conversation, device } = admitted
    const { transport, encryption } = session.path
    context.logger.debug('direct path', { transport, encryption })
    await sessions.add(conversation, session, device)
    kinds.note()
    for (const shared of sessions.sharedWith(device)) {
      await shared.lane.run(() => shared.step({ type: 'seal-due' }))
      await sessions.flush(shared)
      await gossip.publish(shared)
    }
    for (const parted of sessions.partedFrom(device)) await sessions.flush(parted)
  }

  #onSessionEnd(session: DirectSession): void {
    const { doorkeeper, sessions, kinds, finder, posts, isOnline, wake } = this.#init
    const conversation = doorkeeper.conversationOf(session)
    const device = conversation && sessions.remove(conversation.id, session)
    if (conversation === undefined || device === undefined) return
    kinds.note()
    if (!isOnline()) return
    finder.onLost(posts.of(conversation))
    for (const shared of sessions.sharedWith(device)) wake(shared)
  }
}
