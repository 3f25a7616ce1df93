import type { DeviceId } from '@sotto/interface'
import { toHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { newestReceipt } from '../conversation/newest-receipt.ts'
import { waitAtPlace } from '../groups/turn.ts'

/** Devices before this one whose receipts are read; of those after them it is taken that they hold it. */
const MAX_LOOKED_AT = 32

/** What is asked for. */
export interface Asked {
  readonly device: DeviceId
  readonly author: DeviceId
  readonly firstSeq: number
  readonly lastSeq: number
}

/** Up to which event of an author a device has everything, as its newest receipt says; 0 when it has said nothing. */
export async function hasUpTo(conversation: Conversation, device: DeviceId, author: DeviceId): Promise<number> {
  const receipt = await newestReceipt(conversation.context.store, conversation.id, device)
  return receipt?.progress.find((progress) => toHex<DeviceId>(progress.device) === author)?.delivered ?? 0
}

/**
 * How long this device leaves the answer to others that have said to hold it too, in milliseconds: by then the asker's receipt says whether one of them has
 * given it. Who is first is another one for each asker. Nothing depends on it.
 */
export async function answerWait(conversation: Conversation, { device, author, firstSeq }: Asked): Promise<number> {
  const { state, peerDevices } = conversation
  const sorted = [state.self, ...peerDevices].filter((one) => one !== device && one !== author).toSorted()
  const order = [...sorted.filter((one) => one > device), ...sorted.filter((one) => one < device)]
  const before = order.slice(0, order.indexOf(state.self))
  let place = Math.max(0, before.length - MAX_LOOKED_AT)
  for (const other of before.slice(0, MAX_LOOKED_AT))
    if ((await hasUpTo(conversation, other, author)) >= firstSeq) place += 1
  return waitAtPlace(place)
}
