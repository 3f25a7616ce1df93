import { sha256 } from '@noble/hashes/sha2.js'
import { maySeal } from '@sotto/core'
import { mayCommit, wouldBe, type Body, type CommitPlan, type Leaf } from '@sotto/group'
import type { AccountId, Change } from '@sotto/interface'
import { encodeControlAttachment, fromHex } from '@sotto/wire'
import { adopt } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { prepareThing, say, type Saying } from './say.ts'
import { bundleOf } from './bundle.ts'
import { broughtBack, waitingUnderKeys } from './bring-back.ts'
import { returnedAmong } from './returned.ts'
import { passOn } from './pass-on.ts'
import { hasWaited } from './patience.ts'
import { tried, type Trial } from './trial.ts'
import { changeWait } from './turn.ts'
import { highestNumber, logHeads } from './log-heads.ts'

/**
 * Commits the difference between the tip's tree and who should be in. Anybody who may does; since one is enough, each gives those before it in
 * the order time to do it, and is called `again` then. True when it did.
 */
export async function commitIfDue(conversation: Conversation, again: () => Promise<unknown>): Promise<boolean> {
  for (;;) {
    const due = dueHere(conversation)
    if (due === undefined || !maySeal(conversation.state) || !isOurTurn(conversation, due, again)) return false
    const trial = await tried(conversation, due)
    if (trial === undefined) return false
    // Whose yes is taken back is no part of the difference any more.
    if (!(await dropUnusable(conversation, due, trial))) return commitGroup(conversation, due, trial)
  }
}

/** What this device may commit, if anything is to be changed. */
function dueHere({ control, context, tip, row }: Conversation): CommitPlan | undefined {
  const { device, retired } = context.profile()
  if (control === undefined || row.phase !== 'active' || retired) return undefined
  if (control.view.tip !== tip.epochId) return undefined
  const due = mayCommit(control.view, device)
  return due === undefined || (due.added.length === 0 && due.removed.length === 0) ? undefined : due
}

/** Commits what is due without waiting for whose turn it is. */
export async function commitNow(conversation: Conversation): Promise<boolean> {
  const due = maySeal(conversation.state) ? dueHere(conversation) : undefined
  return due !== undefined && commitGroup(conversation, due)
}

/** Whether this device has something to commit before anybody else would. */
export function isFirstInTurn(conversation: Conversation): boolean {
  const { control, context } = conversation
  const due = dueHere(conversation)
  return control !== undefined && due !== undefined && changeWait(control, context.profile().device, due) === 0
}

function isOurTurn(conversation: Conversation, due: CommitPlan, again: () => Promise<unknown>): boolean {
  const { control, context } = conversation
  const wait = control === undefined ? undefined : changeWait(control, context.profile().device, due)
  return wait !== undefined && hasWaited(conversation, 'change', wait, again)
}

/** Commits new keys for this device, and whatever else is due. */
export async function rekeyGroup(conversation: Conversation): Promise<boolean> {
  const { control, context, tip } = conversation
  if (control === undefined || control.view.tip !== tip.epochId) return false
  const due = mayCommit(control.view, context.profile().device)
  return due !== undefined && commitGroup(conversation, due)
}

/** Commits to the tip: members as `change` says, and new keys for this device. Opens a generation. */
export async function commitGroup(
  conversation: Conversation,
  change: { readonly added: readonly Leaf[]; readonly removed: readonly Leaf[] },
  known?: Trial,
): Promise<boolean> {
  const { control, context } = conversation
  const trial = known ?? (await tried(conversation, change))
  if (control === undefined || trial === undefined) return false
  const now = context.clock.now()
  const { parent, child, commit: mls, welcome } = trial.committed
  const heads = logHeads(conversation)
  const said = await prepareThing(
    conversation,
    control,
    {
      case: 'commit',
      value: {
        child: fromHex(child.epochId),
        added: change.added.map(wireLeaf),
        removed: change.removed.map(wireLeaf),
        headsHash: sha256(heads),
        floor: highestNumber(conversation),
      },
    },
    encodeControlAttachment({ mls, heads }),
  )
  const changes: Change[] = [
    await conversation.epochs.moved(parent),
    ...passOn(conversation, control, change.removed),
    ...said.changes,
  ]
  if (welcome !== undefined) {
    const bundle = bundleOf(conversation, said.control, { welcome, heads })
    if (bundle === undefined) {
      context.logger.warn('nobody can be added', { reason: 'control-log-too-long' })
      return false
    }
    const waiting = waitingUnderKeys(conversation, control, trial.brought)
    const others = trial.brought.filter((leaf) => !waiting.includes(leaf))
    changes.push(...(await broughtBack(conversation, control, { leaves: waiting, bundle, child })))
    const accounts = new Set(others.flatMap(({ device }) => control.accountOf(device) ?? []))
    for (const account of accounts)
      changes.push({ put: 'welcomes', row: { conversation: conversation.id, account, bundle, at: now } })
  }
  conversation.moved(parent)
  const owed = conversation.state.sealed.seq
  const returned = returnedAmong(conversation, control, change.added)
  const about = { opensGeneration: true, commit: new Uint8Array(), who: { owed, returned }, control: said.control }
  await adopt(conversation, { parent, child, ...about }, changes, () => conversation.setControl(said.control))
  await conversation.step({ type: 'committed', now })
  conversation.outlet.wake(conversation)
  conversation.outlet.errands()
  return true
}

/**
 * Takes the yes back, as far as this account may, of an account that was never in and none of whose keys work: it can be asked again then. True when it did.
 * A device whose account is in stays outside alone, until it is granted anew.
 */
async function dropUnusable(conversation: Conversation, { added }: CommitPlan, { brought }: Trial): Promise<boolean> {
  const { account, device } = conversation.context.profile()
  let isDropped = false
  for (const { grant } of added.filter((leaf) => !brought.includes(leaf))) {
    const { control } = conversation
    const body = control?.kept.get(grant)?.thing.body
    const isOneIn = brought.some((leaf) => leaf.grant === grant)
    if (control === undefined || body?.kind !== 'add' || isOneIn || control.roleOf(body.account) === undefined) continue
    const said = removal(body.account)
    if (!wouldBe(control.log, said.body, { account, device })) continue
    await say(conversation, said.saying)
    isDropped = true
  }
  return isDropped
}

function removal(account: AccountId): { body: Body; saying: Saying } {
  return { body: { kind: 'remove', account }, saying: { case: 'remove', value: { account: fromHex(account) } } }
}

function wireLeaf({ device, grant }: Leaf): { device: Uint8Array<ArrayBuffer>; grant: Uint8Array<ArrayBuffer> } {
  return { device: fromHex(device) as Uint8Array<ArrayBuffer>, grant: fromHex(grant) as Uint8Array<ArrayBuffer> }
}
