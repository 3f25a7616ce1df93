import { owesAck, processCommit, type EpochState, type Processed } from '@sotto/group'
import { maySeal } from '@sotto/core'
import type { EpochId } from '@sotto/interface'
import { decodeControlAttachment, decodeLogHeads, toHex } from '@sotto/wire'
import { sha256 } from '@noble/hashes/sha2.js'
import { adopt, isFlooded } from '../conversation/commits.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { commitIfDue } from './commit-due.ts'
import type { Kept } from './control.ts'
import { noteReach } from './reach.ts'
import { readdress } from './readdress.ts'
import { say } from './say.ts'

/**
 * Follows the rules' tip: processes the commits on the way to it, then commits what is still to be done if that is this device's turn.
 * Called after each thing that came and at the start; runs in the lane. Answers the epochs that are here now.
 */
export async function advance(conversation: Conversation): Promise<readonly EpochId[]> {
  const entered: EpochId[] = []
  for (;;) {
    const epoch = await enterNext(conversation)
    if (epoch === undefined) break
    entered.push(epoch)
  }
  await commitIfDue(conversation)
  await readdress(conversation)
  await noteReach(conversation)
  await ackIfOwed(conversation)
  conversation.messagesChanged()
  // What waited while the keys were changed may go now.
  const isSaid = conversation.row.phase !== 'founding'
  if (isSaid && conversation.outlet.canSend(conversation)) await conversation.step({ type: 'seal-due' })
  return entered
}

/** Says that this device agrees to the tip: once everybody has, and knows it of everybody, old states may go (G6). */
async function ackIfOwed(conversation: Conversation): Promise<void> {
  const { control, context, state, tip, row } = conversation
  const { device, retired } = context.profile()
  if (control === undefined || row.phase !== 'active' || retired || !maySeal(state)) return
  const isAlone = conversation.peerDevices.length === 0
  if (isAlone || control.view.tip !== tip.epochId || control.isRekeying) return
  if (owesAck(control.log, device)) await say(conversation, { case: 'ack', value: {} })
}

/** Enters the epoch after the deepest one on the path whose state is here; undefined when there is none. */
async function enterNext(conversation: Conversation): Promise<EpochId | undefined> {
  const { control, epochs } = conversation
  if (control === undefined || conversation.row.phase === 'ended') return undefined
  const { path } = control.view
  let at = path.length - 1
  let state: EpochState | undefined
  while (at >= 0 && state === undefined) {
    const epochId = path[at]
    state = epochId === undefined ? undefined : await epochs.get(epochId)
    if (state === undefined) at -= 1
  }
  if (state === undefined) return undefined
  const next = path[at + 1]
  if (next === undefined) {
    if (conversation.tip.epochId !== state.epochId) await conversation.switchTo(state)
    return undefined
  }
  return (await enter(conversation, state, next)) ? next : undefined
}

async function enter(conversation: Conversation, parent: EpochState, child: EpochId): Promise<boolean> {
  const commit = [...(conversation.control?.kept.values() ?? [])].find(
    ({ thing: { body } }) => body.kind === 'commit' && body.child === child,
  )
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
  const names = (devices: readonly { device: string }[]): string =>
    devices
      .map(({ device }) => device)
      .toSorted()
      .join()
  return names(processed.added) === names(body.added) && names(processed.removed) === names(body.removed)
}

/** Up to which of our events those who come in owe nothing, as the committer knew our log. */
function owedBy(conversation: Conversation, heads: Uint8Array): number {
  const decoded = decodeLogHeads(heads)
  const own = decoded.ok
    ? decoded.value.heads.find(({ device }) => toHex(device) === conversation.state.self)
    : undefined
  return own?.seq ?? 0
}
