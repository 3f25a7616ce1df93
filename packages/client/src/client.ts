import { createEngine } from '@sotto/group'
import { verifyCredential } from '@sotto/identity'
import type { AccountId, ConversationId, ReadonlyStore, Rows } from '@sotto/interface'
import type { Context, Parts } from './context.ts'
import type { Conversation } from './conversation/conversation.ts'
import { reload, restart } from './conversation/restart.ts'
import { ClientError, retiredError, unknownId } from './errors.ts'
import { intents, type IntentTable } from './intents/table.ts'
import { meetingRelays } from './invitations/invite.ts'
import { Errands } from './groups/errands.ts'
import { groupRequest } from './groups/invite.ts'
import { tellEntry } from './groups/told-lines.ts'
import { requestSnapshot } from './invitations/requests.ts'
import { resumeHello } from './invitations/resume.ts'
import { dropKeyPackages, dropSeen } from './invitations/tidy.ts'
import { Lane } from './lane.ts'
import { sayLastWords } from './last-words.ts'
import { Network } from './network.ts'
import { damagedText, takenBackText } from './notices.ts'
import { checkedName, countBoot, loadProfile, retireProfile, type Profile, type Retirement } from './profile.ts'
import { buildSnapshot } from './snapshots/client.ts'
import { Current } from './snapshots/current.ts'
import { ConversationViews } from './snapshots/views.ts'
import type { Client } from './api.ts'
import { Watchers } from './watchers.ts'
import type { Fact } from './fact.ts'
import type { Answer, Ask, IntentName } from './intents/intents.ts'
import type { ClientSnapshot } from './snapshots/client-snapshots.ts'
import type { ConversationSnapshot } from './snapshots/conversation-snapshots.ts'

/** The parts of a running client, as its intents use them. */
export class Messenger implements Client {
  readonly context: Context
  readonly network: Network
  readonly views: ConversationViews
  readonly errands: Errands
  readonly conversations: Map<ConversationId, Conversation> = new Map()
  readonly #current: Current
  readonly #watchers = new Watchers((error) => this.#warn('a listener failed', error))
  readonly #intents: IntentTable
  #profile: Profile
  /** Conversations that could not be loaded. */
  #damaged = 0

  private constructor(parts: Parts, profile: Profile, rest: Pick<Context, 'engine' | 'verify'>) {
    this.#profile = profile
    this.context = {
      ...parts,
      ...rest,
      meetings: new Lane(),
      profile: () => this.#profile,
      emit: (fact) => this.#emit(fact),
      changed: () => this.#current.changed(),
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
    this.#current = new Current(profile, {
      build: () => buildSnapshot(this),
      refreshViews: () => this.views.refresh(),
      onError: (error) => this.#warn('no snapshot', error),
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
    await messenger.#current.refresh()
    return messenger
  }

  get snapshot(): ReadonlyStore<ClientSnapshot> {
    return this.#current.store
  }

  conversation(id: ConversationId): ReadonlyStore<ConversationSnapshot> {
    return this.views.open(this.get(id))
  }

  subscribe(listener: (fact: Fact) => void): () => void {
    return this.#watchers.add(listener)
  }

  async do<N extends IntentName>(name: N, ask: Ask<N>): Promise<Answer<N>> {
    const answer = await this.#intents[name](ask)
    // Whoever asked finds the change in the snapshots; a message's answer does not wait for that.
    if (name !== 'send') await this.refreshed()
    return answer
  }

  async start(): Promise<void> {
    if (this.#damaged > 0)
      this.#emit({ type: 'notice', name: 'conversation-damaged', text: damagedText(this.#damaged) })
    if (this.#profile.retired) return this.#emit({ type: 'ready' })
    await this.network.start(await meetingRelays(this.context))
    for (const conversation of this.conversations.values()) {
      if (conversation.row.phase === 'founding') void this.#resume(conversation)
    }
    this.#emit({ type: 'ready' })
    this.#current.changed()
  }

  async stop(): Promise<void> {
    if (this.network.isOnline) await sayLastWords(this.context.clock, this.network, this.conversations.values())
    await this.network.stop()
    await this.errands.idle()
    for (const conversation of this.conversations.values()) await conversation.lane.idle()
    await this.refreshed()
    await this.context.store.close()
  }

  /** Resolves when the snapshots show everything that has happened so far. */
  refreshed(): Promise<void> {
    return this.#current.refreshed()
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
    tellEntry(conversation)
    // Other devices of this account are to come into it.
    this.network.errands()
    this.#current.changed()
  }

  setProfile(profile: Profile): void {
    this.#profile = profile
    this.#current.changed()
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
    if (this.#profile.retired) throw retiredError(this.#profile.revoked === true ? 'revoked' : 'rolled-back')
    checkedName(this.#profile.name)
  }

  /** What is wrong with one conversation's rows must not keep a person from the others. Its rows stay as they are. */
  async #loadUnlessDamaged(row: Rows['conversations'], boot: number): Promise<void> {
    try {
      const conversation = await reload(this.context, this.network, row)
      this.conversations.set(conversation.id, conversation)
      await restart(conversation, boot, (error) => this.#warn('group not advanced', error))
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'store-broken') throw error
      this.#warn('conversation not loaded', error)
      this.#damaged += 1
    }
  }

  async #tellInvited(row: Rows['groupInvites']): Promise<void> {
    this.#emit({ type: 'request', request: await groupRequest(this.context.store, row) })
  }

  async #tellTakenBack(row: Rows['groupInvites'], about: { isUnusable: boolean }): Promise<void> {
    const text = takenBackText(await groupRequest(this.context.store, row), about)
    this.#emit({ type: 'notice', name: 'invitation-taken-back', text })
  }

  async #resume(conversation: Conversation): Promise<void> {
    await resumeHello(conversation, this.network, () => this.conversations.delete(conversation.id))
    this.#current.changed()
  }

  /** Ends connections to relays that nothing here needs. */
  async forgetRelays(): Promise<void> {
    const used = await meetingRelays(this.context)
    for (const conversation of this.conversations.values()) for (const relay of conversation.relays) used.add(relay)
    this.network.forgetRelays(used)
  }

  async #retire(why: Retirement): Promise<void> {
    if (this.#profile.retired) return
    // From this moment, whatever the disk says: the conversation's state says it again at every start.
    this.setProfile({ ...this.#profile, retired: true, revoked: why === 'revoked' })
    await retireProfile(this.context.store, why).catch((error: unknown) => this.#warn('retirement not noted', error))
    const name = why === 'revoked' ? 'device-revoked' : 'device-retired'
    this.#emit({ type: 'notice', name, text: retiredError(why).message })
    // Not even a receipt is signed with this key from now on.
    await this.network.stop()
    this.#current.changed()
  }

  #emit(fact: Fact): void {
    this.#watchers.tell(fact)
    this.#current.changed()
  }

  #warn(message: string, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code !== 'store-closed') this.context.logger.warn(message, { code })
  }
}

/** The headless messenger on these parts; the store must have a profile. */
export function createClient(parts: Parts): Promise<Client> {
  return Messenger.load(parts)
}
