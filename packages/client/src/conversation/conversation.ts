import type { AfterEffect, ConversationState, Input, Step } from '@sotto/core'
import { encodeConversation, maySeal, nextWake, step } from '@sotto/core'
import type { EpochState, Role } from '@sotto/group'
import { generationOf, roster } from '@sotto/group'
import type {
  AccountId,
  Address,
  Change,
  ConversationId,
  DeviceId,
  EpochId,
  EventId,
  Rows,
  ThingId,
} from '@sotto/interface'
import { askKeyDropped } from '../backfill/ask.ts'
import type { Context } from '../context.ts'
import { ClientError } from '../errors.ts'
import { advance } from '../groups/advance.ts'
import type { Control } from '../groups/control.ts'
import { floorOf } from '../groups/floors.ts'
import type { Due } from '../groups/patience.ts'
import { tellLines } from '../groups/told-lines.ts'
import { Lane } from '../lane.ts'
import type { GenerationContext } from '../mail/mailboxes.ts'
import type { Alongside } from './alongside.ts'
import { Epochs, tipFirst } from './epochs.ts'
import { follow } from './follow.ts'
import type { Outlet } from './outlet.ts'
import { HeadCheck } from './head-check.ts'
import { withKnown } from './known.ts'
import { changesOf } from './persist.ts'
import { nextPhase, type Kind } from './phase.ts'
import type { ReadSpans } from './read-elsewhere.ts'

/**
 * One conversation in memory: the core's state, the tip, the generations. Only code running in {@link Conversation.lane}
 * may call the methods that change it.
 */
export class Conversation {
  readonly id: ConversationId
  readonly lane: Lane = new Lane()
  readonly epochs: Epochs
  readonly context: Context
  readonly outlet: Outlet
  row: Rows['conversations']
  state: ConversationState
  tip: EpochState
  /** The tip's first, then the newest first. */
  generations: readonly GenerationContext[]
  readonly headCheck: HeadCheck = new HeadCheck()
  /** The tip that each other device has agreed to, as far as this run knows. */
  readonly agreed: Map<DeviceId, EpochId> = new Map()
  /** Others' messages that nobody has read here. */
  unread = 0
  /** Up to where others' events were read on other devices of this account. */
  readElsewhere: ReadSpans = new Map()
  /** Of a pair: what the other one is called. */
  peerName = ''
  verified = false
  /** The control log; pairs of the first version have none. */
  control: Control | undefined
  /** Lines that watchers were told of in this run, or that were here before it; undefined until one comes. */
  toldLines: Set<ThingId> | undefined
  /** What members of a group call themselves by now. */
  names: ReadonlyMap<AccountId, string> = new Map()
  /** Of a group: who was asked from here and has not answered. */
  invited: readonly { readonly account: AccountId; readonly name: string }[] = []
  /** An ack is on its way (see `groups/ack.ts`). */
  isAckDue = false
  /** What waits for somebody to commit it. */
  readonly dueSince: Map<'change' | 'room', Due> = new Map()
  /** Epochs that this device cannot enter, as far as this run has tried: something is wrong with them, or they are made without it. */
  readonly barred: Map<EpochId, 'bad' | 'without us'> = new Map()
  /** It was erased: what still comes for it must not write any of it again. */
  isErased = false
  /** Counts changes of what an open view shows. */
  revision = 0

  constructor(
    context: Context,
    outlet: Outlet,
    parts: { row: Rows['conversations']; state: ConversationState; tip: EpochState; generations: GenerationContext[] },
  ) {
    this.id = parts.row.conversation
    this.context = context
    this.outlet = outlet
    this.epochs = new Epochs(context.store, this.id)
    this.epochs.remember(parts.tip)
    this.row = parts.row
    this.state = parts.state
    this.tip = parts.tip
    this.generations = parts.generations
  }

  get peer(): AccountId {
    return this.row.peer
  }

  get kind(): Kind {
    const { kind } = this.row
    return kind === 'group' || kind === 'self' ? kind : 'pair'
  }

  get title(): string {
    return this.kind === 'pair' ? this.peerName : (this.control?.view.title ?? this.row.title)
  }

  /** The role of this account; everybody in a pair is a member. */
  get ownRole(): Role {
    const role = this.kind === 'group' ? this.control?.roleOf(this.context.profile().account) : undefined
    return role ?? 'member'
  }

  /** Somebody who is to be out still holds the keys: what is written waits until they are changed (G9). */
  get isRekeying(): boolean {
    if (this.control === undefined) return false
    // By the rules' tip, and by the one that is sealed in: this device may not have followed yet.
    const wanted = new Set(this.control.view.desired.map(({ device }) => device))
    return this.control.isRekeying || roster(this.tip).some(({ device }) => !wanted.has(device))
  }

  /** Nothing new is said in it from here any more. */
  get isOver(): boolean {
    return this.isOut || this.row.phase === 'left'
  }

  /** Others do not count this device in: nothing goes to them, and nothing is waited for. */
  get isOut(): boolean {
    return this.row.phase === 'ended' || this.row.phase === 'out'
  }

  nameOf(account: AccountId): string {
    const { account: self, name } = this.context.profile()
    if (account === self) return name
    if (this.kind === 'pair') return this.peerName
    return this.names.get(account) ?? this.control?.nameOf(account) ?? ''
  }

  get relays(): readonly Address[] {
    return JSON.parse(this.row.relays) as Address[]
  }

  /** The generation that new items are sealed for. */
  get generation(): GenerationContext {
    const [newest] = this.generations
    if (newest === undefined)
      throw new ClientError('store-broken', 'A conversation has lost its keys. Restore the store.')
    return newest
  }

  /** Devices of the tip other than this one. */
  get peerDevices(): readonly DeviceId[] {
    return roster(this.tip)
      .filter(({ device }) => device !== this.state.self)
      .map(({ device }) => device)
  }

  /** Of these, the devices of other accounts. */
  get othersDevices(): readonly DeviceId[] {
    const { account } = this.context.profile()
    return roster(this.tip)
      .filter((member) => member.account !== account)
      .map((member) => member.device)
  }

  /** One step of core, stored in one transaction with `alongside`, then everything that follows from it. */
  async step(input: Input, alongside: Alongside = {}): Promise<Step> {
    const { store } = this.context
    if (this.isErased) return { state: this.state, persist: [], after: [] }
    const before = this.state
    const stepped = step(before, await withKnown(store, before, input))
    const persist = await changesOf(this, stepped.persist, alongside.receipt)
    const changes = [...(alongside.changes ?? []), ...persist, ...askKeyDropped(this.id, before, stepped.state)]
    const phase = nextPhase(this.kind, this.row.phase, alongside.happening)
    const isNew = stepped.state !== this.state || alongside.row !== undefined || phase !== this.row.phase
    if (isNew || changes.length > 0) {
      const row = { ...this.row, ...alongside.row, phase, state: encodeConversation(stepped.state) }
      await store.commit([...changes, { put: 'conversations', row }])
      this.row = row
      this.state = stepped.state
    }
    alongside.committed?.()
    if (nextWake(stepped.state) !== nextWake(before)) this.outlet.tickLater(this)
    if (stepped.persist.some((effect) => effect.type === 'receipt-due')) this.outlet.wake(this)
    if (changes.some((change) => 'put' in change && change.put === 'errands')) this.outlet.errands()
    await this.followAll(stepped.after)
    // What was said while the store might have been an old copy has its consequences now.
    if (this.control !== undefined && !maySeal(before) && maySeal(stepped.state)) await advance(this)
    this.context.changed()
    return stepped
  }

  /** The tip with its keys moved on, already committed by the caller. */
  moved(state: EpochState): void {
    this.epochs.remember(state)
    if (state.epochId === this.tip.epochId) this.tip = state
  }

  /** Takes over a control log that has been committed, or is about to be with what else follows from it. */
  setControl(control: Control): void {
    const before = this.control
    this.control = control
    this.messagesChanged()
    tellLines(this, before)
  }

  /** Another epoch, whose state is here, is the one to send in. */
  async switchTo(state: EpochState): Promise<void> {
    const members = roster(state).map(({ device, account }) => ({ device, account }))
    const { id } = await generationOf(this.context.engine, state)
    const committed = (): void => {
      this.tip = state
      this.generations = tipFirst(this.generations, id)
    }
    const { epochId } = state
    const floor = floorOf(this.control, epochId) ?? 0
    await this.step({ type: 'members', members, epochId, floor }, { row: { tip: epochId }, committed })
  }

  /** We are in again, after we were out: what is new takes the place of what is stored. */
  comeBack(parts: { row: Rows['conversations']; tip: EpochState; generations: readonly GenerationContext[] }): void {
    this.epochs.remember(parts.tip)
    this.tip = parts.tip
    this.generations = [...parts.generations, ...this.generations]
    this.agreed.clear()
  }

  messagesChanged(): void {
    this.revision += 1
  }

  /** The other side has said yes to our request. */
  async accepted(): Promise<void> {
    const { emit } = this.context
    emit({ type: 'notice', name: 'accepted', text: `${this.peerName} has accepted.` })
    this.outlet.accepted(this)
    this.outlet.errands()
    await this.step({ type: 'seal-due' })
  }

  async followAll(effects: readonly AfterEffect[]): Promise<void> {
    for (const effect of effects) await follow(this, effect)
  }

  /** Composes an own event, committed together with `changes`. Answers its id; what follows (sealing, sending) is not awaited by the network. */
  async compose(
    kind: string,
    body: Uint8Array,
    changes: readonly Change[] = [],
    salt: Uint8Array = this.context.random.bytes(32),
  ): Promise<EventId> {
    const stepped = await this.step({ type: 'compose', kind, body, salt, now: this.context.clock.now() }, { changes })
    for (const effect of stepped.persist) if (effect.type === 'put-event') return effect.row.eventId
    throw new ClientError('not-composed', 'This conversation takes no new messages from this device.')
  }
}
