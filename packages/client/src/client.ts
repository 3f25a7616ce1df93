import { createEngine } from '@sotto/group'
import { verifyCredential } from '@sotto/identity'
import type { AccountId, Address, ConversationId, ReadonlyStore, Rows } from '@sotto/interface'
import type { Context, Parts } from './context.ts'
import type { Conversation } from './conversation/conversation.ts'
import { loadConversation } from './conversation/load.ts'
import { unparkAll } from './conversation/receive.ts'
import { ClientError, unknownId } from './errors.ts'
import { intents, type IntentTable } from './intents/table.ts'
import { relaysOf, stateOf } from './invitations/invite.ts'
import { advance } from './groups/advance.ts'
import { Errands } from './groups/errands.ts'
import { groupRequest, loadInvited } from './groups/invite.ts'
import { introduce, requestSnapshot } from './invitations/requests.ts'
import { erase, resumeKnock } from './invitations/join.ts'
import { dropKeyPackages, dropSeen } from './invitations/tidy.ts'
import { Lane } from './lane.ts'
import { Network } from './network.ts'
import { Observable } from './observable.ts'
import { checkedName, countBoot, loadProfile, retireProfile, type Profile, type Retirement } from './profile.ts'
import { buildSnapshot } from './snapshots/client.ts'
import { ConversationViews } from './snapshots/views.ts'
import { countUnread } from './snapshots/unread.ts'
import type { Client } from './api.ts'
import type { Fact } from './fact.ts'
import type { Answer, Ask, IntentName } from './intents/intents.ts'
import type { ClientSnapshot } from './snapshots/client-snapshots.ts'
import type { ConversationSnapshot } from './snapshots/conversation-snapshots.ts'

const RESUME_MS = 15_000
const LAST_WORDS_MS = 1_000

/** The parts of a running client, as its intents use them. */
export class Messenger implements Client {
  readonly context: Context
  readonly network: Network
  readonly views: ConversationViews
  readonly errands: Errands
  readonly conversations: Map<ConversationId, Conversation> = new Map()
  readonly #snapshot: Observable<ClientSnapshot>
  readonly #listeners = new Set<(fact: Fact) => void>()
  readonly #intents: IntentTable
  #profile: Profile
  /** Conversations that could not be loaded. */
  #damaged = 0
  #isStale = false
  #refreshing: Promise<void> | undefined

  private constructor(parts: Parts, profile: Profile, rest: Pick<Context, 'engine' | 'verify'>) {
    this.#profile = profile
    this.context = {
      ...parts,
      ...rest,
      meetings: new Lane(),
      profile: () => this.#profile,
      emit: (fact) => this.#emit(fact),
      changed: () => this.#changed(),
    }
    this.network = new Network({
      context: this.context,
      conversations: () => this.conversations.values(),
      onRequest: (row) => this.#emit({ type: 'request', request: requestSnapshot(row) }),
      onErrands: () => this.network.background(() => this.errands.run()),
      onRetire: (why) => void this.#retire(why),
    })
    this.errands = new Errands({
      context: this.context,
      outlet: this.network,
      conversations: () => this.conversations,
      pairWith: (account) => this.pairWith(account),
      add: (conversation) => this.add(conversation),
      onTakenBack: (row, about) => this.network.background(() => this.#tellTakenBack(row, about)),
      onSettings: () => this.settingsChanged(),
      onInvited: (row) => this.network.background(() => this.#tellInvited(row)),
    })
    this.views = new ConversationViews(this)
    this.#intents = intents(this)
    const { account, device, name, retired } = profile
    this.#snapshot = new Observable<ClientSnapshot>({
      self: { account, device, name, retired },
      online: false,
      relays: [],
      requests: [],
      awaited: [],
      conversations: [],
      invitations: [],
      waiting: [],
    })
  }

  /** A client on a store that has a profile. Counts the start and loads every conversation. */
  static async load(parts: Parts): Promise<Messenger> {
    const profile = await loadProfile(parts.store)
    if (profile === undefined) throw new ClientError('not-set-up', 'Sotto is not set up here yet. Choose a name first.')
    const engine = await createEngine(parts)
    const messenger = new Messenger(parts, profile, { engine, verify: verifyCredential(parts.crypto) })
    const boot = await countBoot(parts.store)
    for (const row of await parts.store.list('conversations')) await messenger.#loadUnlessDamaged(row, boot)
    await dropKeyPackages(messenger.context)
    await dropSeen(messenger.context)
    await messenger.errands.run()
    await messenger.#refresh()
    return messenger
  }

  get snapshot(): ReadonlyStore<ClientSnapshot> {
    return this.#snapshot
  }

  conversation(id: ConversationId): ReadonlyStore<ConversationSnapshot> {
    return this.views.open(this.get(id))
  }

  subscribe(listener: (fact: Fact) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async do<N extends IntentName>(name: N, ask: Ask<N>): Promise<Answer<N>> {
    const answer = await this.#intents[name](ask)
    // Whoever asked finds the change in the snapshots; a message's answer does not wait for that.
    if (name !== 'send') await this.#refreshing
    return answer
  }

  async start(): Promise<void> {
    if (this.#damaged > 0) this.#emit({ type: 'notice', name: 'conversation-damaged', text: damaged(this.#damaged) })
    if (this.#profile.retired) return this.#emit({ type: 'ready' })
    await this.network.start(await this.#addresses())
    for (const conversation of this.conversations.values()) {
      if (conversation.row.phase === 'founding') void this.#resume(conversation)
    }
    this.#emit({ type: 'ready' })
    this.#changed()
  }

  async stop(): Promise<void> {
    if (this.network.isOnline) await this.#lastWords()
    await this.network.stop()
    await this.errands.idle()
    for (const conversation of this.conversations.values()) await conversation.lane.idle()
    await this.#refreshing
    await this.context.store.close()
  }

  /** What is coalesced leaves before we go: a copy of this store made from now on is found out by it. */
  async #lastWords(): Promise<void> {
    const { clock } = this.context
    for (const conversation of this.conversations.values()) {
      await conversation.lane.run(() => conversation.step({ type: 'flush', now: clock.now() }))
    }
    const end = clock.monotonic() + LAST_WORDS_MS
    while (this.network.isBusy && clock.monotonic() < end) {
      await new Promise<void>((resolve) => void clock.after(20, resolve))
    }
  }

  /** Resolves when the snapshots show everything that has happened so far. */
  async refreshed(): Promise<void> {
    await this.#refreshing
  }

  /** The conversation with that id, or a thrown `unknown-conversation`. */
  get(id: string): Conversation {
    const conversation = this.conversations.get(id as ConversationId)
    if (conversation === undefined) throw unknownId('conversation')
    return conversation
  }

  /** The 1:1 conversation with that account, if both have said yes: the newest, should there be several. */
  pairWith(account: AccountId): Conversation | undefined {
    return [...this.conversations.values()]
      .filter(({ kind, peer, row }) => kind === 'pair' && peer === account && row.phase === 'active')
      .toSorted((a, b) => b.row.createdAt - a.row.createdAt)[0]
  }

  /** A conversation that begins now, or again. */
  add(conversation: Conversation): void {
    this.conversations.set(conversation.id, conversation)
    this.network.watch(conversation)
    // Other devices of this account are to come into it.
    this.network.errands()
    this.#changed()
  }

  setProfile(profile: Profile): void {
    this.#profile = profile
    this.#changed()
  }

  /** Takes over what the store says is set: here or on another device of the account. */
  async settingsChanged(): Promise<void> {
    const before = this.#profile
    const { name, relays, relaysOnly } = (await loadProfile(this.context.store)) ?? before
    const isSame = JSON.stringify([name, relays, relaysOnly])
    if (isSame === JSON.stringify([before.name, before.relays, before.relaysOnly])) return
    this.setProfile({ ...this.#profile, name, relays, relaysOnly })
    if (!this.network.isOnline) return
    for (const address of relays) this.network.reach(address)
    await this.forgetRelays()
    if (relaysOnly !== before.relaysOnly) this.network.pathsChanged()
  }

  /** A device that has been retired says nothing, and nobody is met without a name. */
  assertMayMeet(): void {
    if (this.#profile.retired) throw retired(this.#profile.revoked === true ? 'revoked' : 'rolled-back')
    checkedName(this.#profile.name)
  }

  /** What is wrong with one conversation's rows must not keep a person from the others. Its rows stay as they are. */
  async #loadUnlessDamaged(row: Rows['conversations'], boot: number): Promise<void> {
    try {
      await this.#load(row, boot)
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'store-broken') throw error
      this.#warn('conversation not loaded', error)
      this.#damaged += 1
    }
  }

  async #load(row: Rows['conversations'], boot: number): Promise<void> {
    const { store } = this.context
    const conversation = await loadConversation(this.context, this.network, row)
    if (conversation.kind === 'pair') {
      const contact = await store.get('contacts', [row.peer])
      conversation.peerName = contact?.name ?? row.title
      conversation.verified = contact?.verified === 1
    } else await loadInvited(conversation)
    conversation.unread = await countUnread(store, conversation)
    this.conversations.set(conversation.id, conversation)
    await conversation.lane.run(async () => {
      await conversation.step({ type: 'start', boot })
      // Said again: a crash may have come between the conversation's first words and this.
      await conversation.step({ type: 'relays', count: conversation.relays.length })
      if (row.phase === 'active') await introduce(conversation)
      // A crash may have come between coming back into a group and this.
      if (row.phase === 'active') await conversation.step({ type: 'receipts', on: true, now: this.context.clock.now() })
      // What cannot be done in one conversation must not keep all from starting.
      if (conversation.control !== undefined)
        await advance(conversation).catch((error: unknown) => this.#warn('group not advanced', error))
      await unparkAll(conversation)
    })
  }

  async #tellInvited(row: Rows['groupInvites']): Promise<void> {
    this.#emit({ type: 'request', request: await groupRequest(this.context.store, row) })
  }

  async #tellTakenBack(row: Rows['groupInvites'], { isUnusable }: { isUnusable: boolean }): Promise<void> {
    const { name, title = '' } = await groupRequest(this.context.store, row)
    const text = isUnusable
      ? `${name} could not let this device into “${title}”: the keys in its yes do not work. See whether its clock is right, and ask to be invited again.`
      : `${name} has taken back the invitation into “${title}”.`
    this.#emit({ type: 'notice', name: 'invitation-taken-back', text })
  }

  async #resume(conversation: Conversation): Promise<void> {
    const signal = AbortSignal.timeout(RESUME_MS)
    try {
      const kept = await resumeKnock(conversation, { signal })
      if (kept) this.network.watch(conversation)
      else this.network.unwatch(conversation)
      if (!kept) this.conversations.delete(conversation.id)
    } catch (error) {
      const code = error instanceof ClientError ? error.code : 'unknown'
      this.context.logger.warn('hello not sent again', { code })
      // Used up, revoked or expired meanwhile. Anything else is tried again at the next start.
      if (code.startsWith('invitation-') && (await this.#isUnanswered(conversation, signal))) {
        this.network.unwatch(conversation)
        this.conversations.delete(conversation.id)
        await erase(conversation)
      }
    }
    this.#changed()
  }

  /** True when a relay of the conversation was read to its end, and there was no answer to our hello. */
  async #isUnanswered(conversation: Conversation, signal: AbortSignal): Promise<boolean> {
    while (!this.network.posts(conversation).some((post) => post.isCurrent)) {
      if (signal.aborted || !this.network.isOnline) return false
      await new Promise<void>((resolve) => void this.context.clock.after(50, resolve))
    }
    await conversation.lane.idle()
    return conversation.row.phase === 'founding'
  }

  /** Ends connections to relays that nothing here needs. */
  async forgetRelays(): Promise<void> {
    const used = await this.#addresses()
    for (const conversation of this.conversations.values()) for (const relay of conversation.relays) used.add(relay)
    this.network.forgetRelays(used)
  }

  /** Relays for new invitations, and of open invitations. */
  async #addresses(): Promise<Set<Address>> {
    const { store, clock } = this.context
    const open = (await store.list('invitations')).filter((row) => stateOf(row, clock.now()) === 'open')
    return new Set([...this.#profile.relays, ...open.flatMap((row) => relaysOf(row))])
  }

  async #retire(why: Retirement): Promise<void> {
    if (this.#profile.retired) return
    // From this moment, whatever the disk says: the conversation's state says it again at every start.
    this.setProfile({ ...this.#profile, retired: true, revoked: why === 'revoked' })
    await retireProfile(this.context.store, why).catch((error: unknown) => this.#warn('retirement not noted', error))
    const name = why === 'revoked' ? 'device-revoked' : 'device-retired'
    this.#emit({ type: 'notice', name, text: retired(why).message })
    // Not even a receipt is signed with this key from now on.
    await this.network.stop()
    this.#changed()
  }

  #emit(fact: Fact): void {
    for (const listener of this.#listeners) {
      try {
        listener(fact)
      } catch (error) {
        // Who watches must not stop what is watched.
        this.#warn('a listener failed', error)
      }
    }
    this.#changed()
  }

  #warn(message: string, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code !== 'store-closed') this.context.logger.warn(message, { code })
  }

  #changed(): void {
    this.#isStale = true
    this.#refreshing ??= this.#refreshLater()
  }

  /** Many changes of one moment make one snapshot. */
  async #refreshLater(): Promise<void> {
    await Promise.resolve()
    try {
      while (this.#isStale) await this.#refresh()
    } catch (error) {
      this.#warn('no snapshot', error)
    } finally {
      this.#refreshing = undefined
    }
  }

  async #refresh(): Promise<void> {
    this.#isStale = false
    this.#snapshot.set(await buildSnapshot(this))
    await this.views.refresh()
  }
}

function damaged(count: number): string {
  const which = count === 1 ? 'One conversation is' : `${String(count)} conversations are`
  return `${which} damaged on this device and cannot be opened. Invite the other person anew; all else goes on.`
}

/** What whoever asks something of a retired device is told. */
export function retired(why: Retirement): ClientError {
  const text =
    why === 'revoked'
      ? 'This device was revoked by another one of yours. Nothing can be sent from here any more.'
      : 'This copy of Sotto is older than one that was used elsewhere, so it sends nothing any more. Set up Sotto anew.'
  return new ClientError('device-retired', text)
}

/** The headless messenger on these parts; the store must have a profile. */
export function createClient(parts: Parts): Promise<Client> {
  return Messenger.load(parts)
}
