import type { ConversationId, DeviceId, EpochId, EventId } from '@sotto/interface'
import { encodeSealStatement, fromHex, merkleRoot, SEAL, signedBytes } from '@sotto/wire'

/** Where a seal was opened and whose MLS message it was. */
export interface SealContext {
  readonly conversation: ConversationId
  readonly epochId: EpochId
  readonly sender: DeviceId
  /** Above which the numbers of events are that were composed in an epoch; undefined for one that is not known. Without it no epoch has one. */
  readonly floorOf?: (epochId: EpochId) => number | undefined
}

/** What a device signs for a seal of these events, in their order (at least one). */
export function sealStatement(
  { conversation, epochId, sender }: SealContext,
  eventIds: readonly EventId[],
): Uint8Array {
  const root = merkleRoot(eventIds.map((id) => fromHex(id)))
  return statementBytes({ conversation, epochId, sender }, eventIds.length, root)
}

/** The same from a known root. */
export function statementBytes(context: Omit<SealContext, 'floorOf'>, count: number, root: Uint8Array): Uint8Array {
  const statement = encodeSealStatement({
    conversation: fromHex(context.conversation),
    epochId: fromHex(context.epochId),
    device: fromHex(context.sender),
    count,
    root,
  })
  return signedBytes(SEAL, statement)
}
