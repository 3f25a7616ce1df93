import { isWellFormed, thingsOf } from '@sotto/group'
import type { EpochId } from '@sotto/interface'
import { adopt, isFlooded } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Kept } from './control.ts'
import { followed } from './followed.ts'

/** Epochs beside the path whose states are kept at once: a member can make any number of them. */
const MAX_BESIDE = 32

/**
 * Enters the epochs beside the path, as far as their parents' states are here: who made or followed one of them did not know better, and what it
 * has sealed there is to be read. Nothing is sent in them. True when there was one.
 */
export async function enterBeside(conversation: Conversation): Promise<boolean> {
  let isEntered = false
  for (const commit of besides(conversation)) {
    if (await enterOne(conversation, commit)) isEntered = true
  }
  return isEntered
}

/** Commits that count and are not on the path, earlier ones first. */
function besides({ control, unfollowed, row }: Conversation): readonly Kept[] {
  if (control === undefined || row.phase === 'ended') return []
  const path = new Set(control.view.path)
  return thingsOf(control.log).flatMap((thing) => {
    const isBeside = thing.body.kind === 'commit' && !path.has(thing.body.child) && !unfollowed.has(thing.body.child)
    const kept = isBeside && isWellFormed(control.log, thing) ? control.kept.get(thing.id) : undefined
    return kept ?? []
  })
}

async function enterOne(conversation: Conversation, commit: Kept): Promise<boolean> {
  const { thing } = commit
  const { epochs, unfollowed } = conversation
  if (thing.body.kind !== 'commit') return false
  const { child } = thing.body
  if ((await epochs.has(child)) || (await isFull(conversation))) return false
  const parent = await epochs.get(thing.epoch)
  if (parent === undefined) {
    if (isBehind(conversation, thing.epoch)) unfollowed.add(child)
    return false
  }
  const processed = await followed(conversation, parent, commit)
  if (processed === undefined || processed === 'removed') {
    // Its bytes may be on their way; what is wrong with them stays wrong.
    if (commit.attachment.length > 0) unfollowed.add(child)
    return false
  }
  await adopt(conversation, { parent, ...processed, commit: new Uint8Array(), isTip: false }, [])
  return true
}

/** Whether that epoch lies behind us on the path: its state is gone then, or was before our time. */
function isBehind({ control, tip, unfollowed }: Conversation, epochId: EpochId): boolean {
  const path = control?.view.path ?? []
  const at = path.indexOf(epochId)
  return unfollowed.has(epochId) || (at >= 0 && at < path.indexOf(tip.epochId))
}

async function isFull(conversation: Conversation): Promise<boolean> {
  const { id, context, control } = conversation
  const path = new Set<EpochId | undefined>(control?.view.path)
  const rows = await context.store.list('epochs', { prefix: [id] })
  return rows.filter(({ epochId }) => !path.has(epochId)).length >= MAX_BESIDE || isFlooded(conversation)
}
