import { isWellFormed, thingsOf } from '@sotto/group'
import type { DeviceId, EpochId } from '@sotto/interface'
import { adopt, isFlooded } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Kept } from './control.ts'
import { followed } from './followed.ts'
import { owedBy } from './log-heads.ts'
import { returnedAmong } from './returned.ts'

/** Epochs beside the path whose states are kept at once: a member can make any number of them. */
const MAX_BESIDE = 32
/** Of these, made by one device: nobody takes the room of all others. */
const MAX_BESIDE_OF_DEVICE = 8

/** A commit that counts and is not on the path. */
interface Beside {
  readonly commit: Kept
  readonly child: EpochId
}

/**
 * Enters the epochs beside the path, as far as their parents' states are here: who made or followed one of them did not know better, and what it
 * has sealed there is to be read. Nothing is sent in them. True when there was one.
 */
export async function enterBeside(conversation: Conversation): Promise<boolean> {
  const besides = besidesOf(conversation)
  if (besides.length === 0) return false
  const { id, context } = conversation
  const held = new Set((await context.store.list('epochs', { prefix: [id] })).map(({ epochId }) => epochId))
  const kept = besides.filter(({ child }) => held.has(child))
  const byDevice = new Map<DeviceId, number>()
  const count = ({ commit }: Beside): unknown =>
    byDevice.set(commit.thing.device, (byDevice.get(commit.thing.device) ?? 0) + 1)
  kept.forEach(count)
  let room = MAX_BESIDE - kept.length
  let isEntered = false
  for (const beside of besides) {
    if (room <= 0) break
    const isTooMany = (byDevice.get(beside.commit.thing.device) ?? 0) >= MAX_BESIDE_OF_DEVICE
    if (held.has(beside.child) || isTooMany || !(await enterOne(conversation, beside))) continue
    count(beside)
    room -= 1
    isEntered = true
  }
  return isEntered
}

/** Earlier ones first, so that an epoch comes after its parent. */
function besidesOf({ control, barred, row }: Conversation): readonly Beside[] {
  if (control === undefined || row.phase === 'ended') return []
  const path = new Set(control.view.path)
  return thingsOf(control.log).flatMap((thing) => {
    if (thing.body.kind !== 'commit') return []
    const { child } = thing.body
    if (path.has(child) || barred.has(child) || !isWellFormed(control.log, thing)) return []
    const commit = control.kept.get(thing.id)
    return commit === undefined ? [] : [{ commit, child }]
  })
}

async function enterOne(conversation: Conversation, { commit, child }: Beside): Promise<boolean> {
  const { epochs, barred } = conversation
  const parent = await epochs.get(commit.thing.epoch)
  if (parent === undefined) {
    if (isBehind(conversation, commit.thing.epoch)) barred.set(child, 'bad')
    return false
  }
  if (await isFlooded(conversation)) return false
  const processed = await followed(conversation, parent, commit)
  if (processed === 'removed') barred.set(child, 'without us')
  // Its bytes may be on their way; what is wrong with them stays wrong.
  if (processed === undefined && commit.attachment.length > 0) barred.set(child, 'bad')
  if (processed === undefined || processed === 'removed') return false
  const { body, device: committer } = commit.thing
  const leaves = body.kind === 'commit' ? body.added : []
  const added = leaves.map(({ device }) => device)
  const returned = conversation.control === undefined ? [] : returnedAmong(conversation, conversation.control, leaves)
  const beside = { added, returned, owed: owedBy(conversation, processed.heads), committer }
  await adopt(
    conversation,
    { parent, ...processed, commit: new Uint8Array(), isTip: false, who: { committer, beside } },
    [],
  )
  return true
}

/** Whether that epoch lies behind us on the path: its state is gone then, or was before our time. */
function isBehind({ control, tip, barred }: Conversation, epochId: EpochId): boolean {
  const path = control?.view.path ?? []
  const at = path.indexOf(epochId)
  return barred.has(epochId) || (at >= 0 && at < path.indexOf(tip.epochId))
}
