import { sha256 } from '@noble/hashes/sha2.js'
import { processCommit, roster, type EpochState, type Processed } from '@sotto/group'
import { decodeControlAttachment, toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import type { Kept } from './control.ts'
import { areAmong, sameDevices } from './same-devices.ts'

/**
 * What the commit that a thing brings makes of its parent; `removed` when it takes this device out. Undefined when it cannot be followed: its
 * bytes are not here, or it does something else than the thing says.
 */
export async function followed(
  conversation: Conversation,
  parent: EpochState,
  commit: Kept,
): Promise<(Processed & { readonly heads: Uint8Array }) | 'removed' | undefined> {
  const attachment = decodeControlAttachment(commit.attachment)
  if (!attachment.ok) return undefined
  const { engine, verify, logger } = conversation.context
  const { mls, heads } = attachment.value
  const processed = await processCommit(engine, parent, mls.slice(), { verify })
  if (!processed.ok) {
    if (processed.reason === 'removed') return 'removed'
    logger.debug('refused', { reason: processed.reason })
    return undefined
  }
  if (!says(commit, parent, processed.value) || toHex(sha256(heads)) !== toHex(commit.headsHash)) {
    logger.debug('refused', { reason: 'commit-not-as-said' })
    return undefined
  }
  return { ...processed.value, heads }
}

/**
 * Whether the MLS commit does what the signed thing says that it does. Of those who come in, devices may be lacking whose key packages do not work: they are
 * given nothing, and nobody is kept from anything.
 */
function says({ thing }: Kept, parent: EpochState, processed: Processed): boolean {
  const { body } = thing
  if (body.kind !== 'commit' || processed.child.epochId !== body.child || processed.committer !== thing.device)
    return false
  if (thing.epoch !== parent.epochId) return false
  // Else those who come in with it would look for everybody elsewhere: its Welcome says nothing of generations.
  if (body.added.length > 0 && !processed.opensGeneration) return false
  const there = body.removed.filter(({ device }) => roster(parent).some((member) => member.device === device))
  return areAmong(processed.added, body.added) && sameDevices(processed.removed, there)
}
