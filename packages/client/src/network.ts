import type { Address, DeviceId, Relay, Rows } from '@sotto/interface'
import type { Context } from './context.ts'
import type { Conversation } from './conversation/conversation.ts'
import type { Outlet } from './conversation/outlet.ts'
import { unparkAll } from './conversation/receive.ts'
import type { Sessions } from './direct/sessions.ts'
import { Background } from './guard.ts'
import { hourly } from './hourly.ts'
import type { KnockBoxes } from './invitations/knock-boxes.ts'
import type { Post } from './mail/post.ts'
import { createNetworkParts, type NetworkParts } from './network-parts.ts'
import type { Retirement } from './profile.ts'
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

/** Everything online: relays, mailboxes, direct paths. What comes in goes to the conversations' lanes (`arrivals.ts`). */
export class Network implements Outlet {
  readonly #init: NetworkInit
  readonly #context: Context
  readonly #parts: NetworkParts
  readonly #background: Background
  #cancelHourly: (() => void) | undefined
  #cancelReopen: (() => void) | undefined
  isOnline = false

  constructor(init: NetworkInit) {
    const { context } = init
    this.#init = init
    this.#context = context
    this.#background = new Background({
      logger: context.logger,
      emit: (fact) => context.emit(fact),
      onFailure: () => this.#reopenLater(),
    })
    this.#parts = createNetworkParts({
      context,
      conversations: () => init.conversations(),
      onRequest: (row) => init.onRequest(row),
      background: (work) => this.#background.run(work),
      isOnline: () => this.isOnline,
      wake: (conversation) => this.wake(conversation),
    })
  }

  get sessions(): Sessions {
    return this.#parts.sessions
  }

  get knocks(): KnockBoxes {
    return this.#parts.knocks
  }

  async start(addresses: Iterable<Address>): Promise<void> {
    await this.#context.transport.start(this.#parts.arrivals.events(), this.#parts.doorkeeper.hello())
    this.#parts.ticks.start()
    this.#parts.watch.start()
    this.isOnline = true
    for (const address of addresses) this.reach(address)
    for (const conversation of this.#init.conversations()) this.watch(conversation)
    this.#cancelHourly = hourly(this.#context.clock, () => this.#parts.posts.renewKeys())
  }

  async stop(): Promise<void> {
    this.isOnline = false
    this.#cancelReopen?.()
    this.#cancelHourly?.()
    const { finder, ticks, watch, gossip, posts } = this.#parts
    for (const part of [finder, ticks, watch, gossip, posts]) part.stop()
    await this.#context.transport.stop()
    await this.#background.settled()
  }

  get relays(): Relay[] {
    return this.#parts.relays.all
  }

  /** Keeps a connection to that relay from now on. */
  reach(address: Address): Relay {
    return this.#parts.relays.reach(address)
  }

  /** Somebody waits: what is to be tried again later is tried now. */
  hurry(): void {
    this.#context.transport.hurry()
    this.#parts.posts.hurry()
  }

  /** Gives up relays that nothing here uses: after a look at an invitation, say. */
  forgetRelays(used: ReadonlySet<Address>): void {
    this.#parts.relays.forgetUnused(used)
    this.#context.changed()
  }

  /** A conversation that was loaded or made: its relays, its mailboxes, its clock. */
  watch(conversation: Conversation): void {
    if (!this.isOnline) return
    for (const address of conversation.relays) {
      const relay = this.reach(address)
      if (relay.reachable) this.#background.run(() => this.#parts.arrivals.openPost(conversation, relay))
    }
    this.tickLater(conversation)
    this.#background.run(() => this.sessions.flush(conversation))
  }

  /** Nothing of it is read, sent or answered any more. */
  unwatch(conversation: Conversation): void {
    this.#parts.gossip.refresh(conversation)
    this.sessions.close(conversation.id)
    this.#parts.ticks.cancel(conversation.id)
    this.#parts.posts.close(conversation)
  }

  posts(conversation?: Conversation): Post[] {
    return this.#parts.posts.of(conversation)
  }

  /** True while something is being read, deposited or applied. */
  get isBusy(): boolean {
    return this.#background.isBusy || this.knocks.isBusy || this.#parts.posts.isBusy
  }

  /** Items that came in by mailbox since the start. */
  get received(): number {
    return this.knocks.received + this.#parts.posts.received
  }

  connection(conversation: Conversation): ConnectionKind {
    return this.#parts.kinds.of(conversation)
  }

  canSend(conversation: Conversation): boolean {
    return this.isOnline && (this.sessions.isConnected(conversation) || this.#parts.relays.answerFor(conversation))
  }

  isDirect(conversation: Conversation): boolean {
    return this.sessions.covers(conversation)
  }

  wake(conversation: Conversation): void {
    this.tickLater(conversation)
    if (!this.isOnline) return
    this.#background.run(() => this.sessions.flush(conversation))
    this.#background.run(() => this.#parts.gossip.publish(conversation))
    this.#parts.posts.deposit(conversation)
  }

  tell(conversation: Conversation, device: DeviceId, inner: Uint8Array): boolean {
    return this.sessions.tell(conversation, device, inner)
  }

  accepted(conversation: Conversation): void {
    for (const post of this.#parts.posts.of(conversation)) this.#background.run(() => this.#parts.finder.announce(post))
  }

  /** Whether direct paths are wanted has changed: those that are there end, or new ones are looked for. */
  pathsChanged(): void {
    if (!this.#context.profile().relaysOnly) return this.#parts.arrivals.announceAll()
    this.#parts.finder.stop()
    for (const conversation of this.#init.conversations()) this.sessions.close(conversation.id)
    this.#parts.kinds.note()
  }

  renewed(conversation: Conversation): void {
    this.#parts.posts.openAgain(conversation)
    this.#parts.gossip.refresh(conversation)
    // Whoever is out since then is told.
    this.#background.run(() => this.sessions.flush(conversation))
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
    this.#parts.watch.attend(conversation)
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
    this.#parts.ticks.later(conversation)
  }

  /** Something of ours failed (a full disk, say): everything is looked at again in a while. */
  #reopenLater(): void {
    if (!this.isOnline) return
    this.#cancelReopen?.()
    this.#cancelReopen = this.#context.clock.after(REOPEN_MS, () => {
      for (const relay of this.relays) this.#background.run(() => this.#parts.arrivals.onRelay(relay))
      // A tick that failed has not set the next one.
      for (const conversation of this.#init.conversations()) this.tickLater(conversation)
    })
  }
}
