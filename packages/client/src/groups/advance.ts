import { processCommit, type EpochState, type Processed } from '@sotto/group'
import type { EpochId } from '@sotto/interface'
import { decodeControlAttachment, decodeLogHeads, toHex } from '@sotto/wire'
import { sha256 } from '@noble/hashes/sha2.js'
import { adopt, isFlooded } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { commitIfDue } from './commit-due.ts'
import type { Kept } from './control.ts'
import { ackIfOwed } from './ack.ts'
import { noteReach } from './reach.ts'
import { readdress } from './readdress.ts'
import { sameDevices } from './same-devices.ts'

/**
 * Follows the rules' tip: processes the commits on the way to it, then commits what is still to be done if that is this device's turn.
 * Called after each thing that came and at the start; runs in the lane. What waited for the epochs that are here
 * now is applied.
 */
export async function advance(conversation: Conversation): Promise<void> {
  let isElsewhere = false
  while (await enterNext(conversation)) isElsewhere = true
  await commitIfDue(conversation)
  await readdress(conversation)
  await noteReach(conversation)
  await ackIfOwed(conversation)
  conversation.messagesChanged()
  // What waited while the keys were changed may go now.
  const isSaid = conversation.row.phase !== 'founding'
  if (isSaid && conversation.outlet.canSend(conversation)) await conversation.step({ type: 'seal-due' })
  if (isElsewhere) conversation.outlet.entered(conversation)
  conversation.outlet.attend(conversation)
}

/** Enters the epoch after the deepest one on the path whose state is here. False when there is none. */
async function enterNext(conversation: Conversation): Promise<boolean> {
  const { control, epochs } = conversation
  if (control === undefined || conversation.row.phase === 'ended') return false
  const { path } = control.view
  let at = path.length - 1
  let state: EpochState | undefined
  while (at >= 0 && state === undefined) {
    const epochId = path[at]
    state = epochId === undefined ? undefined : await epochs.get(epochId)
    if (state === undefined) at -= 1
  }
  if (state === undefined) return false
  const next = path[at + 1]
  if (next === undefined) {
    if (conversation.tip.epochId !== state.epochId) await conversation.switchTo(state)
    return false
  }
  return enter(conversation, state, next)
}

async function enter(conversation: Conversation, parent: EpochState, child: EpochId): Promise<boolean> {
  const commit = conversation.control?.commitTo(child)
  if (commit === undefined || (await isFlooded(conversation))) return false
  const attachment = decodeControlAttachment(commit.attachment)
  if (!attachment.ok) return false
  const { engine, verify, logger } = conversation.context
  const processed = await processCommit(engine, parent, attachment.value.mls.slice(), { verify })
  if (!processed.ok) {
    if (processed.reason === 'removed') await conversation.wasRemoved()
    else logger.debug('refused', { reason: processed.reason })
    return false
  }
  if (!says(commit, parent, processed.value) || toHex(sha256(attachment.value.heads)) !== toHex(commit.headsHash)) {
    logger.debug('refused', { reason: 'commit-not-as-said' })
    return false
  }
  const owed = owedBy(conversation, attachment.value.heads)
  // The commit's bytes are kept with its thing.
  await adopt(conversation, { parent, ...processed.value, commit: new Uint8Array(), owed }, [])
  return true
}

/** Whether the MLS commit does what the signed thing says that it does. */
function says({ thing }: Kept, parent: EpochState, processed: Processed): boolean {
  const { body } = thing
  if (body.kind !== 'commit' || processed.child.epochId !== body.child || processed.committer !== thing.device)
    return false
  if (thing.epoch !== parent.epochId) return false
  return sameDevices(processed.added, body.added) && sameDevices(processed.removed, body.removed)
}

/** Up to which of our events those who come in owe nothing, as the committer knew our log. */
function owedBy(conversation: Conversation, heads: Uint8Array): number {
  const decoded = decodeLogHeads(heads)
  const own = decoded.ok
    ? decoded.value.heads.find(({ device }) => toHex(device) === conversation.state.self)
    : undefined
  return own?.seq ?? 0
}
