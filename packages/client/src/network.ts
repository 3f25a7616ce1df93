import type {
  Address,
  ConversationId,
  DeviceId,
  DirectSession,
  MailboxId,
  Relay,
  RelayId,
  Rows,
  TransportEvents,
} from '@sotto/interface'
import type { Context } from './context.ts'
import type { Conversation } from './conversation/conversation.ts'
import type { Outlet } from './conversation/outlet.ts'
import { unparkAll } from './conversation/receive.ts'
import { dropOld, rekeyIfDue } from './conversation/rekey.ts'
import { Doorkeeper } from './direct/doorkeeper.ts'
import { Gossip } from './direct/gossip.ts'
import { endIfLongOut } from './groups/out.ts'
import { hourly } from './hourly.ts'
import { Finder } from './direct/finder.ts'
import { Sessions } from './direct/sessions.ts'
import { KnockBoxes } from './invitations/knock-boxes.ts'
import { Post } from './mail/post.ts'
import { Watch } from './groups/watch.ts'
import { Background } from './guard.ts'
import type { Retirement } from './profile.ts'
import { Ticks } from './ticks.ts'
import type { ConnectionKind } from './snapshots/conversation-snapshots.ts'

/** After a failure of our own machine. */
const REOPEN_MS = 15_000

/** What the network needs of the client above it. */
export interface NetworkInit {
  readonly context: Context
  conversations(): Iterable<Conversation>
  onRequest(row: Rows['requests']): void
  /** Something asks this device to do something in another conversation. */
  onErrands(): void
  onRetire(why: Retirement): void
}

/** Everything online: relays, mailboxes, direct paths. Facts come in here and go to the conversations' lanes. */
export class Network implements Outlet {
  readonly #init: NetworkInit
  readonly #context: Context
  readonly sessions: Sessions
  readonly knocks: KnockBoxes
  readonly #finder: Finder
  readonly #gossip: Gossip
  readonly #relays = new Map<RelayId, Relay>()
  readonly #posts = new Map<string, Post>()
  readonly #doorkeeper: Doorkeeper
  readonly #ticks: Ticks
  readonly #watch: Watch
  readonly #kinds = new Map<ConversationId, ConnectionKind>()
  readonly #background: Background
  #cancelHourly: (() => void) | undefined
  #cancelReopen: (() => void) | undefined
  isOnline = false

  constructor(init: NetworkInit) {
    this.#init = init
    this.#context = init.context
    this.#background = new Background({
      logger: init.context.logger,
      emit: (fact) => init.context.emit(fact),
      onFailure: () => this.#reopenLater(),
    })
    const background = (work: () => Promise<unknown>): void => this.#background.run(work)
    this.sessions = new Sessions({ conversations: () => init.conversations(), background })
    const { transport, clock } = init.context
    this.#gossip = new Gossip({ transport, clock, sessions: this.sessions })
    this.knocks = new KnockBoxes(init.context, (row) => init.onRequest(row))
    this.#finder = new Finder(init.context, this.sessions, background)
    this.#doorkeeper = new Doorkeeper(init)
    this.#ticks = new Ticks(init.context.clock, background)
    this.#watch = new Watch({
      clock,
      background,
      conversations: () => init.conversations(),
      isCurrent: (conversation) => this.isOnline && this.posts(conversation).some((post) => post.isCurrent),
    })
  }

  async start(addresses: Iterable<Address>): Promise<void> {
    await this.#context.transport.start(this.#events(), this.#doorkeeper.hello())
    this.#ticks.start()
    this.#watch.start()
    this.isOnline = true
    for (const address of addresses) this.reach(address)
    for (const conversation of this.#init.conversations()) this.watch(conversation)
    this.#cancelHourly = hourly(this.#context.clock, () => this.#renewKeys())
  }

  async stop(): Promise<void> {
    this.isOnline = false
    this.#cancelReopen?.()
    this.#cancelHourly?.()
    this.#finder.stop()
    this.#ticks.stop()
    this.#watch.stop()
    this.#gossip.stop()
    for (const post of this.#posts.values()) post.stop()
    await this.#context.transport.stop()
    await this.#background.settled()
  }

  get relays(): Relay[] {
    return [...this.#relays.values()]
  }

  /** Keeps a connection to that relay from now on. */
  reach(address: Address): Relay {
    const relay = this.#context.transport.relay(address)
    this.#relays.set(relay.id, relay)
    return relay
  }

  /** Somebody waits: what is to be tried again later is tried now. */
  hurry(): void {
    this.#context.transport.hurry()
    for (const post of this.#posts.values()) if (post.isWaiting) this.#background.run(() => post.open())
  }

  /** Gives up relays that nothing here uses: after a look at an invitation, say. */
  forgetRelays(used: ReadonlySet<Address>): void {
    for (const [id, relay] of this.#relays) {
      if (used.has(relay.address)) continue
      this.#context.transport.forget(id)
      this.#relays.delete(id)
    }
    this.#context.changed()
  }

  /** A conversation that was loaded or made: its relays, its mailboxes, its clock. */
  watch(conversation: Conversation): void {
    if (!this.isOnline) return
    for (const address of conversation.relays) {
      const relay = this.reach(address)
      if (relay.reachable) this.#background.run(() => this.#openPost(conversation, relay))
    }
    this.tickLater(conversation)
  }

  /** Nothing of it is read, sent or answered any more. */
  unwatch(conversation: Conversation): void {
    this.#gossip.refresh(conversation)
    this.sessions.close(conversation.id)
    this.#ticks.cancel(conversation.id)
    for (const post of this.posts(conversation)) {
      post.stop()
      post.relay.unsubscribe(post.boxes().map((box) => box.init.id))
      this.#posts.delete(postName(conversation.id, post.relay.id))
    }
  }

  posts(conversation?: Conversation): Post[] {
    const all = [...this.#posts.values()]
    return conversation === undefined ? all : all.filter((post) => post.conversation === conversation)
  }

  /** True while something is being read, deposited or applied. */
  get isBusy(): boolean {
    return this.#background.isBusy || this.knocks.isBusy || this.posts().some((post) => post.isBusy)
  }

  /** Items that came in by mailbox since the start. */
  get received(): number {
    const boxes = this.posts().flatMap((post) => post.boxes())
    return boxes.reduce((sum, box) => sum + box.received, this.knocks.received)
  }

  connection(conversation: Conversation): ConnectionKind {
    const others = conversation.othersDevices
    const isOn = (device: DeviceId): boolean => this.sessions.has(device)
    if (conversation.kind === 'pair' ? others.some(isOn) : others.length > 0 && others.every(isOn)) return 'direct'
    if (this.#reachable(conversation)) return 'relayed'
    return conversation.kind === 'group' && others.some(isOn) ? 'partly' : 'none'
  }

  canSend(conversation: Conversation): boolean {
    return this.isOnline && (this.sessions.isConnected(conversation) || this.#reachable(conversation))
  }

  isDirect(conversation: Conversation): boolean {
    return this.sessions.covers(conversation)
  }

  wake(conversation: Conversation): void {
    this.tickLater(conversation)
    if (!this.isOnline) return
    this.#background.run(() => this.sessions.flush(conversation))
    this.#background.run(() => this.#gossip.publish(conversation))
    for (const post of this.posts(conversation)) this.#background.run(() => post.deposit())
  }

  tell(conversation: Conversation, device: DeviceId, inner: Uint8Array): boolean {
    return this.sessions.tell(conversation, device, inner)
  }

  accepted(conversation: Conversation): void {
    for (const post of this.posts(conversation)) this.#background.run(() => this.#finder.announce(post))
  }

  /** Whether direct paths are wanted has changed: those that are there end, or new ones are looked for. */
  pathsChanged(): void {
    if (this.#context.profile().relaysOnly) {
      this.#finder.stop()
      for (const conversation of this.#init.conversations()) this.sessions.close(conversation.id)
      return this.#noteKinds()
    }
    for (const post of this.posts()) this.#background.run(() => this.#finder.announce(post))
  }

  renewed(conversation: Conversation): void {
    for (const post of this.posts(conversation)) this.#background.run(() => post.open())
    this.#gossip.refresh(conversation)
  }

  ended(conversation: Conversation): void {
    // Not at once: what is being read or written of it ends first.
    this.#background.run(() => Promise.resolve(this.unwatch(conversation)))
    this.#context.changed()
  }

  entered(conversation: Conversation): void {
    this.#background.run(() => conversation.lane.run(() => unparkAll(conversation)))
    // Whoever has come in may have to be asked in elsewhere.
    this.errands()
  }

  later(ms: number, work: () => Promise<unknown>): void {
    this.#context.clock.after(ms, () => {
      if (this.isOnline) this.#background.run(work)
    })
  }

  attend(conversation: Conversation): void {
    this.#watch.attend(conversation)
  }

  errands(): void {
    this.#init.onErrands()
  }

  retire(why: Retirement): void {
    this.#init.onRetire(why)
  }

  /** Work that nobody awaits; the network stops when it has ended. */
  background(work: () => Promise<unknown>): void {
    this.#background.run(work)
  }

  /** Core's next moment of its own, if it has one. */
  tickLater(conversation: Conversation): void {
    this.#ticks.later(conversation)
  }

  #events(): TransportEvents {
    return {
      onEnvelope: async (session, envelope) => {
        const conversation = this.#doorkeeper.conversationOf(session)
        return conversation !== undefined && (await this.sessions.take(conversation, session, envelope))
      },
      onGossip: (topic, envelope) => this.#gossip.take(topic, envelope),
      onSession: (session) => this.#background.run(() => this.#onSession(session)),
      onSessionEnd: (session) => this.#onSessionEnd(session),
      onMail: (relay, mailbox) => this.#background.run(() => this.#onMail(relay, mailbox)),
      onSignal: (relay, mailbox, record) => this.#background.run(() => this.#onSignal(relay, mailbox, record)),
      onRelay: (relay) => {
        // At once: by the time that the rest is done, it may be back.
        for (const post of this.posts()) if (post.relay.id === relay.id && !relay.reachable) post.lost()
        this.#background.run(() => this.#onRelay(relay))
      },
      onAddresses: () => {
        for (const post of this.posts()) this.#background.run(() => this.#finder.announce(post))
      },
    }
  }

  async #onRelay(relay: Relay): Promise<void> {
    if (!this.isOnline) return
    this.#relays.set(relay.id, relay)
    this.#context.changed()
    this.#noteKinds()
    if (!relay.reachable) return
    await this.knocks.open(relay)
    const mine = [...this.#init.conversations()].filter((entry) => entry.relays.includes(relay.address))
    await Promise.all(mine.map((conversation) => this.#openPost(conversation, relay)))
  }

  async #openPost(conversation: Conversation, relay: Relay): Promise<void> {
    await conversation.lane.run(() => endIfLongOut(conversation))
    if (conversation.row.phase === 'ended') return
    const name = postName(conversation.id, relay.id)
    const post =
      this.#posts.get(name) ??
      new Post(conversation, relay, {
        direct: this.sessions,
        background: (work) => this.#background.run(work),
        onCurrent: () => this.attend(conversation),
      })
    this.#posts.set(name, post)
    await post.open()
    await conversation.lane.run(async () => {
      await rekeyIfDue(conversation, { full: post.isNearlyFull })
      await dropOld(conversation, this.#context.clock.now())
      await conversation.step({ type: 'seal-due' })
    })
    await this.#finder.announce(post)
    this.#noteKinds()
  }

  async #onMail(relay: RelayId, mailbox: MailboxId): Promise<void> {
    if (await this.knocks.onMail(relay, mailbox)) return
    const post = this.#postOf(relay, mailbox)
    const box = post?.boxes().find((candidate) => candidate.init.id === mailbox)
    await box?.read()
    if (post?.isNearlyFull !== true) return
    await post.conversation.lane.run(() => rekeyIfDue(post.conversation, { full: true }))
  }

  async #onSignal(relay: RelayId, mailbox: MailboxId, record: Uint8Array): Promise<void> {
    const post = this.#postOf(relay, mailbox)
    const lane = post?.mailbox(mailbox)
    if (post !== undefined && lane !== undefined) await this.#finder.onSignal(post, lane, record)
  }

  async #onSession(session: DirectSession): Promise<void> {
    const admitted = this.#doorkeeper.admit(session)
    if (admitted === undefined || this.#context.profile().relaysOnly) return session.close()
    const { conversation, device } = admitted
    const { transport, encryption } = session.path
    this.#context.logger.debug('direct path', { transport, encryption })
    await this.sessions.add(conversation, session, device)
    this.#noteKinds()
    for (const shared of this.sessions.sharedWith(device)) {
      await shared.lane.run(() => shared.step({ type: 'seal-due' }))
      await this.sessions.flush(shared)
      await this.#gossip.publish(shared)
    }
  }

  #onSessionEnd(session: DirectSession): void {
    const conversation = this.#doorkeeper.conversationOf(session)
    const device = conversation && this.sessions.remove(conversation.id, session)
    if (conversation === undefined || device === undefined) return
    this.#noteKinds()
    if (!this.isOnline) return
    this.#finder.onLost(this.posts(conversation))
    for (const shared of this.sessions.sharedWith(device)) this.wake(shared)
  }

  #postOf(relay: RelayId, mailbox: MailboxId): Post | undefined {
    return this.posts().find((post) => post.relay.id === relay && post.mailbox(mailbox) !== undefined)
  }

  #reachable(conversation: Conversation): boolean {
    const { relays } = conversation
    return this.relays.some((relay) => relay.reachable && relays.includes(relay.address))
  }

  #noteKinds(): void {
    for (const conversation of this.#init.conversations()) {
      if (conversation.kind !== 'pair') continue
      const kind = this.connection(conversation)
      if (this.#kinds.get(conversation.id) === kind) continue
      this.#kinds.set(conversation.id, kind)
      this.#context.emit({ type: 'connection', account: conversation.peer, kind })
    }
    this.#context.changed()
  }

  /** Keys grow old also while no relay comes or goes. */
  #renewKeys(): void {
    for (const post of this.posts()) {
      const { conversation, isNearlyFull } = post
      this.#background.run(() => conversation.lane.run(() => rekeyIfDue(conversation, { full: isNearlyFull })))
    }
  }

  /** Something of ours failed (a full disk, say): everything is looked at again in a while. */
  #reopenLater(): void {
    if (!this.isOnline) return
    this.#cancelReopen?.()
    this.#cancelReopen = this.#context.clock.after(REOPEN_MS, () => {
      for (const relay of this.relays) this.#background.run(() => this.#onRelay(relay))
      // A tick that failed has not set the next one.
      for (const conversation of this.#init.conversations()) this.tickLater(conversation)
    })
  }
}

function postName(conversation: ConversationId, relay: RelayId): string {
  return `${conversation} ${relay}`
}
