import type { AccountId, Change, ConversationId, Rows } from '@sotto/interface'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Outlet } from '../conversation/outlet.ts'
import { Lane } from '../lane.ts'
import { askDevicesIn } from '../devices/ask-in.ts'
import { ownConversation } from '../devices/own-conversation.ts'
import { tellName } from '../devices/settings.ts'
import { takeOwn } from '../devices/take-own.ts'
import { enterGroup } from './enter.ts'
import { answerAgain, refusedWelcome } from './answer-again.ts'
import { askBack } from './ask-back.ts'
import { acceptedGroup, answeredElsewhere, loadInvited, sendInvite, takeAccept, takeInvite } from './invite.ts'
import { sayTakenBack, takeBackInvite, takeWithdraw } from './take-back.ts'
import { letIn } from './let-in.ts'
import { takeWord } from './take-word.ts'
import { sendWelcome, wholeWelcomes, type PartKind, type WholeWelcome } from './welcome.ts'
import { answerLog } from '../restore/answer-log.ts'
import { isRestoredBy } from '../restore/restored-here.ts'
import { takeRecover } from '../restore/take-recover.ts'
import { takeRestored } from '../restore/take-restored.ts'
import { tellRestored } from '../restore/tell.ts'

export interface ErrandsInit {
  readonly context: Context
  readonly outlet: Outlet
  conversations(): ReadonlyMap<ConversationId, Conversation>
  /** The 1:1 conversation with that account, if both have said yes. */
  pairWith(account: AccountId): Conversation | undefined
  /** A conversation that begins now, or again. */
  add(conversation: Conversation): void
  onInvited(row: Rows['groupInvites']): void
  onTakenBack(row: Rows['groupInvites'], about: { isUnusable: boolean }): void
  /** What is set for the account may be another by now. */
  onSettings(): Promise<void>
}

/**
 * What one conversation asks this device to do in another: invitations into groups, the answers to them, and Welcomes. All of it lies in
 * the store until it is done, and doing it twice changes nothing.
 */
export class Errands {
  readonly #init: ErrandsInit
  readonly #lane = new Lane()
  #isAsked = false

  constructor(init: ErrandsInit) {
    this.#init = init
  }

  get isBusy(): boolean {
    return this.#lane.size > 0
  }

  /** Does everything that waits. Many calls of one moment are one. */
  async run(): Promise<void> {
    if (this.#isAsked) return this.#lane.idle()
    this.#isAsked = true
    await this.#lane.run(() => {
      this.#isAsked = false
      return this.#runAll()
    })
  }

  idle(): Promise<void> {
    return this.#lane.idle()
  }

  /** Takes an invitation back, unless it was answered by now. Not while the answer is being taken. */
  takeBack(group: Conversation, account: AccountId): Promise<boolean> {
    const { context, pairWith } = this.#init
    const about = { conversation: group.id, account }
    return this.#lane.run(() => takeBackInvite(context, pairWith(account), about))
  }

  async #runAll(): Promise<void> {
    const { store } = this.#init.context
    for (const errand of await store.list('errands')) await this.#take(errand)
    for (const id of new Set((await store.list('errands')).map(({ conversation }) => conversation))) {
      const through = this.#init.conversations().get(id)
      if (through === undefined) continue
      await this.#takeWelcomes(through)
      if (through.kind === 'pair') await this.#takeLogs(through)
    }
    for (const conversation of this.#init.conversations().values())
      if (conversation.control !== undefined && !conversation.isOver) await this.#letIn(conversation)
    for (const row of await store.list('welcomes')) await this.#passOn(row)
    for (const row of await store.list('groupInvites')) if (row.state === 'due') await this.#invite(row)
    await askDevicesIn(this.#init)
    await askBack(this.#init)
    await answerAgain(this.#init)
    await tellName(this.#init)
    await tellRestored(this.#init)
  }

  async #take(errand: Rows['errands']): Promise<void> {
    const { context } = this.#init
    const through = this.#init.conversations().get(errand.conversation)
    const key = [errand.conversation, errand.device, errand.seq] as const
    const done: Change = { delete: 'errands', key }
    const event = await context.store.get('events', key)
    if (PARTS.includes(errand.kind) && event !== undefined) return
    if (event !== undefined && through?.kind === 'self') {
      await takeOwn(this.#init, through, event, done)
      return errand.kind === 'self.setting' ? this.#init.onSettings() : undefined
    }
    if (event === undefined || through === undefined || through.kind !== 'pair') return context.store.commit([done])
    if (errand.kind === 'device.restored') return takeRestored(this.#init, through, event, done)
    if (errand.kind === 'group.accept') return this.#accepted(event, done)
    if (errand.kind === 'group.withdraw') return this.#takenBack(event, done)
    if (errand.kind !== 'group.invite') return context.store.commit([done])
    const row = await takeInvite(through, event, this.#init.conversations())
    await context.store.commit(row === undefined ? [done] : [done, { put: 'groupInvites', row }])
    if (row !== undefined) this.#init.onInvited(row)
  }

  async #accepted(event: Rows['events'], done: Change): Promise<void> {
    const { context } = this.#init
    if (event.account === context.profile().account)
      return context.store.commit([done, ...(await answeredElsewhere(context, event))])
    const id = acceptedGroup(event)
    const group = id === undefined ? undefined : this.#init.conversations().get(id)
    if (group === undefined) return context.store.commit([done])
    const { isUnusable } = await group.lane.run(() => takeAccept(group, event, [done]))
    if (isUnusable) await this.#sendBack(group, event, done)
    await loadInvited(group)
    // What it led to is to be passed on in the same run.
  }

  /** Nobody comes in with the keys of that yes: both sides are told, and may try again. */
  async #sendBack(group: Conversation, { account }: Rows['events'], done: Change): Promise<void> {
    const { context, pairWith } = this.#init
    const pair = pairWith(account)
    const answered: Change = { delete: 'groupInvites', key: [group.id, account, 'out'] }
    if (pair === undefined) return context.store.commit([done, answered])
    await sayTakenBack(pair, group.id, [done, answered], true)
    const text = `${pair.peerName} said yes to “${group.title}”, but the keys in that yes do not work: the clock of their device may be wrong, or it was too long ago. Ask again.`
    context.emit({ type: 'notice', name: 'keys-unusable', text })
  }

  async #takenBack(event: Rows['events'], done: Change): Promise<void> {
    const { changes, row, isUnusable = false } = await takeWithdraw(this.#init.context, event)
    await this.#init.context.store.commit([done, ...changes])
    if (row !== undefined) this.#init.onTakenBack(row, { isUnusable })
  }

  async #takeWelcomes(through: Conversation): Promise<void> {
    const { context } = this.#init
    const { whole, useless } = await wholeWelcomes(through)
    const gone = useless.map(deleteErrand)
    if (gone.length > 0) await context.store.commit(gone)
    for (const welcome of whole) await this.#takeWelcome(through, welcome)
  }

  async #takeWelcome(through: Conversation, welcome: WholeWelcome): Promise<void> {
    const { context, outlet } = this.#init
    const done = welcome.errands.map(deleteErrand)
    const self = context.profile().account
    if (welcome.conversation === through.id) {
      // Whoever has said that somebody comes in brings the Welcome, because the two know each other.
      const isKnown = isGrantedHere(through, welcome.account) || this.#isRestored(through, welcome.account)
      const isOurs = isKnown && isByCommitter(through, welcome)
      const { account, bundle } = welcome
      const row = { conversation: through.id, account, bundle, at: context.clock.now() }
      return context.store.commit(isOurs ? [...done, { put: 'welcomes', row }] : done)
    }
    const id = welcome.conversation
    const known = this.#init.conversations().get(id)
    const by = through.kind === 'self' ? 'own device' : 'person'
    const about = { conversation: id, bundle: welcome.bundle, done, known, by } as const
    const isOurs = welcome.account === self && known?.kind !== 'self'
    const entered = isOurs ? await enterGroup(context, outlet, about) : undefined
    if (entered?.ok === true) return this.#init.add(entered.value)
    if (entered !== undefined) context.logger.debug('refused', { reason: entered.reason })
    const isLost = entered !== undefined && (known === undefined || known.isOver)
    await context.store.commit(isLost ? [...done, await refusedWelcome(context, id)] : done)
  }

  /** Of a member who has restored their account: the log of a group is answered, the answer becomes part of the log. */
  async #takeLogs(pair: Conversation): Promise<void> {
    const { context } = this.#init
    for (const kind of ['group.log', 'group.recover'] as const) {
      const { whole, useless } = await wholeWelcomes(pair, kind)
      if (useless.length > 0) await context.store.commit(useless.map(deleteErrand))
      for (const bundle of whole) {
        const [from] = bundle.errands
        const done = bundle.errands.map(deleteErrand)
        const known = this.#init.conversations().get(bundle.conversation)
        const isIn = known?.row.phase === 'active'
        if (kind === 'group.log' && known !== undefined && !known.isOver)
          await known.lane.run(() => takeWord(known, bundle, done))
        else if (kind === 'group.log' && !isIn) await answerLog(context, pair, bundle, done)
        else if (kind === 'group.recover' && isIn && known.kind === 'group' && from !== undefined)
          await known.lane.run(() => takeRecover(known, pair, { from: from.device, bundle, done }))
        else await context.store.commit(done)
      }
    }
  }

  #letIn(conversation: Conversation): Promise<void> {
    return letIn(conversation, this.#init.outlet, () => this.#init.add(conversation))
  }

  /** Brings a Welcome to whom it is for, or, where another member has asked for the add, to that member. */
  async #passOn(row: Rows['welcomes']): Promise<void> {
    const group = this.#init.conversations().get(row.conversation)
    // Into an account's own conversation a device comes by its code.
    if (group === undefined || group.kind === 'self') return
    // Whoever has asked for it may be out by now: then it is ours to bring, if we know each other.
    const isOurs =
      isGrantedHere(group, row.account) || !isGranterIn(group, row.account) || this.#isRestored(group, row.account)
    const through = isOurs ? this.#wayTo(row.account) : group
    if (through !== undefined) await through.lane.run(() => sendWelcome(through, row))
  }

  #isRestored(group: Conversation, account: AccountId): boolean {
    return isRestoredBy(group, account, this.#init.pairWith(account))
  }

  /** Where an account is reached: another one in the 1:1 with it, our own devices in our own conversation. */
  #wayTo(account: AccountId): Conversation | undefined {
    if (account !== this.#init.context.profile().account) return this.#init.pairWith(account)
    return ownConversation(this.#init.conversations().values())
  }

  async #invite(row: Rows['groupInvites']): Promise<void> {
    const pair = this.#init.pairWith(row.account)
    if (pair !== undefined) await pair.lane.run(() => sendInvite(pair, row))
  }
}

/** Events that are a part of something, and wait for the rest. */
const PARTS: readonly string[] = ['group.welcome', 'group.log', 'group.recover'] satisfies PartKind[]

/** Whether a place of that account in the conversation rests on what this device has said. */
function isGrantedHere({ control, state }: Conversation, account: AccountId): boolean {
  const leaves = control?.view.desired.filter(({ device }) => control.accountOf(device) === account) ?? []
  return leaves.some(({ grant }) => control?.kept.get(grant)?.thing.device === state.self)
}

/** Whether the bundle comes from whoever has committed that account's coming in: anybody else's would only take its place. */
function isByCommitter({ control }: Conversation, { account, errands }: WholeWelcome): boolean {
  const [from] = errands
  return [...(control?.kept.values() ?? [])].some(
    ({ thing: { body, device } }) =>
      body.kind === 'commit' &&
      device === from?.device &&
      body.added.some((leaf) => control?.accountOf(leaf.device) === account),
  )
}

/** Whether somebody on whose word that account's place rests is still in. */
function isGranterIn({ control }: Conversation, account: AccountId): boolean {
  const leaves = control?.view.desired.filter(({ device }) => control.accountOf(device) === account) ?? []
  const granters = leaves.flatMap(({ grant }) => control?.kept.get(grant)?.thing.device ?? [])
  return granters.some((device) => control?.view.desired.some((leaf) => leaf.device === device) === true)
}

function deleteErrand({ conversation, device, seq }: Rows['errands']): Change {
  return { delete: 'errands', key: [conversation, device, seq] }
}
