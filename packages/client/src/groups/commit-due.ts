import { sha256 } from '@noble/hashes/sha2.js'
import { maySeal } from '@sotto/core'
import { commit, mayCommit, roster, wouldBe, type Body, type CommitPlan, type Committed, type Leaf } from '@sotto/group'
import type { AccountId, Change, DeviceId } from '@sotto/interface'
import {
  decodeControlAttachment,
  encodeControlAttachment,
  encodeLogHeads,
  fromHex,
  toHex,
  type LogHeads,
} from '@sotto/wire'
import { adopt } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'
import { prepareThing, say, type Saying } from './say.ts'
import { bundleOf } from './bundle.ts'
import { broughtBack, grantedThemselves } from './bring-back.ts'
import { returnedAmong } from './returned.ts'
import { passOn } from './pass-on.ts'
import { hasWaited } from './patience.ts'
import { sameDevices } from './same-devices.ts'
import { changeWait } from './turn.ts'

/**
 * Commits the difference between the tip's tree and who should be in. Anybody who may does; since one is enough, each gives those before it in
 * the order time to do it, and is called `again` then. True when it did.
 */
export async function commitIfDue(conversation: Conversation, again: () => Promise<unknown>): Promise<boolean> {
  for (;;) {
    const due = dueHere(conversation)
    if (due === undefined || !maySeal(conversation.state) || !isOurTurn(conversation, due, again)) return false
    if (await commitGroup(conversation, due)) return true
    // What stood in the way is out of it now, or stays there.
    if (!(await dropUnusable(conversation, due))) return false
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
): Promise<boolean> {
  const { control, context } = conversation
  if (control === undefined) return false
  const now = context.clock.now()
  const committed = await tried(conversation, change)
  if (committed === undefined) return false
  const { parent, child, commit: mls, welcome } = committed
  const heads = encodeLogHeads({ heads: await logHeads(conversation) })
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
    const themselves = grantedThemselves(control, change.added)
    const brought = change.added.filter((leaf) => !themselves.includes(leaf))
    changes.push(...(await broughtBack(conversation, control, { leaves: themselves, bundle, child })))
    const accounts = new Set(brought.flatMap(({ device }) => control.accountOf(device) ?? []))
    for (const account of accounts)
      changes.push({ put: 'welcomes', row: { conversation: conversation.id, account, bundle, at: now } })
  }
  conversation.moved(parent)
  const owed = conversation.state.sealed.seq
  const returned = returnedAmong(control, change.added)
  const adopted = { parent, child, opensGeneration: true, commit: new Uint8Array(), owed, returned }
  await adopt(conversation, adopted, changes, () => conversation.setControl(said.control))
  await conversation.step({ type: 'committed', now })
  conversation.outlet.wake(conversation)
  conversation.outlet.errands()
  return true
}

/** The MLS commit of a change, not yet taken over; undefined when its keys do not work, or are somebody else's. */
async function tried(
  { context, control, tip }: Conversation,
  { added, removed }: { readonly added: readonly Leaf[]; readonly removed: readonly Leaf[] },
): Promise<Committed | undefined> {
  const packages = added.map((leaf) => keyPackageOf(control, leaf))
  const add = packages.filter((bytes) => bytes !== undefined)
  if (add.length < added.length) return undefined
  const remove = removed.map(({ device }) => device)
  const wanted = {
    update: true,
    add,
    remove,
    verify: context.verify,
    now: Math.floor(context.clock.now() / 1000),
  } as const
  const committed = await commit(context.engine, tip, wanted, { opensGeneration: true })
  if (!committed.ok) {
    context.logger.debug('refused', { reason: committed.reason })
    return undefined
  }
  // Whatever a key package says of itself: who comes in is who should.
  const staying = roster(tip).filter(({ device }) => !remove.includes(device))
  const isAsSaid = sameDevices([...staying, ...added], roster(committed.value.child))
  return isAsSaid ? committed.value : undefined
}

/**
 * A yes whose keys do not work must not keep everybody else from being added or removed: it is taken back, as far as this account may.
 * True when something was. By the rules a commit makes the whole difference or counts for nothing, so nobody can be left aside.
 */
async function dropUnusable(conversation: Conversation, { added }: CommitPlan): Promise<boolean> {
  const { account, device } = conversation.context.profile()
  let isDropped = false
  for (const leaf of added) {
    const { control } = conversation
    const unusable = control?.accountOf(leaf.device)
    if (control === undefined || unusable === undefined || control.roleOf(unusable) === undefined) continue
    // Who came in after that yes was given no keys of it: others have them.
    const grant = control.kept.get(leaf.grant)
    if (grant?.attachment.length === 0 && grant.attachmentHash.length > 0) continue
    if ((await tried(conversation, { added: [leaf], removed: [] })) !== undefined) continue
    const said = unusable === account ? revocation(leaf.device) : removal(unusable)
    if (!wouldBe(control.log, said.body, { account, device })) continue
    await say(conversation, said.saying)
    isDropped = true
  }
  return isDropped
}

function removal(account: AccountId): { body: Body; saying: Saying } {
  return { body: { kind: 'remove', account }, saying: { case: 'remove', value: { account: fromHex(account) } } }
}

function revocation(device: DeviceId): { body: Body; saying: Saying } {
  return { body: { kind: 'revoke', device }, saying: { case: 'revoke', value: { device: fromHex(device) } } }
}

/** Whether committing this key package brings in that device, and nobody else. */
export async function brings(conversation: Conversation, keyPackage: Uint8Array, device: DeviceId): Promise<boolean> {
  const { context, tip } = conversation
  const wanted = { add: [keyPackage], verify: context.verify, now: Math.floor(context.clock.now() / 1000) } as const
  const committed = await commit(context.engine, tip, wanted, { opensGeneration: true })
  return committed.ok && sameDevices([...roster(tip), { device }], roster(committed.value.child))
}

/** The key package with which a leaf comes in, from the attachment of the thing that granted it, if it is the one that was agreed to. */
function keyPackageOf(control: Control | undefined, { device, grant }: Leaf): Uint8Array | undefined {
  const kept = control?.kept.get(grant)
  const attachment = decodeControlAttachment(kept?.attachment ?? new Uint8Array())
  if (kept === undefined || !attachment.ok) return undefined
  const { body } = kept.thing
  const index = body.kind === 'add' ? body.devices.indexOf(device) : 0
  const bytes = attachment.value.keyPackages[index]?.slice()
  const isAgreed =
    body.kind !== 'add' ||
    toHex(sha256(bytes ?? new Uint8Array())) === toHex(kept.keyPackageHashes[index] ?? new Uint8Array())
  return isAgreed ? bytes : undefined
}

/** Where every device's events stand here; our own as far as they were sealed. */
async function logHeads({ id, state, context }: Conversation): Promise<LogHeads['heads']> {
  const heads = state.devices
    .filter(({ device, head }) => device !== state.self && head.seq > 0)
    .map(({ device, head }) => ({
      device: fromHex(device),
      seq: head.seq,
      eventId: fromHex(head.eventId),
      lamport: head.lamport,
    }))
  const own = await context.store.get('events', [id, state.self, state.sealed.seq])
  const ours =
    own === undefined
      ? []
      : [{ device: fromHex(state.self), seq: own.seq, eventId: fromHex(own.eventId), lamport: own.lamport }]
  return [...heads, ...ours] as LogHeads['heads']
}

function wireLeaf({ device, grant }: Leaf): { device: Uint8Array<ArrayBuffer>; grant: Uint8Array<ArrayBuffer> } {
  return { device: fromHex(device) as Uint8Array<ArrayBuffer>, grant: fromHex(grant) as Uint8Array<ArrayBuffer> }
}
