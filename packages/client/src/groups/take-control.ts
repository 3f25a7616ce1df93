import { sha256 } from '@noble/hashes/sha2.js'
import type { Change } from '@sotto/interface'
import { toHex, type Control as ControlItem } from '@sotto/wire'
import type { Arrival, Handled } from '../conversation/arrival.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { jitterOf } from '../conversation/messages.ts'
import { advance } from './advance.ts'
import { checkThing } from './checked-thing.ts'
import { controlRow, MAX_THINGS_OF_DEVICE } from './control.ts'
import { tellOut } from './told-out.ts'

/** Takes a thing of a group's control chain, whoever brings it, and does what follows from it. Runs in the lane. */
export async function receiveControl(
  conversation: Conversation,
  { record, attachment }: ControlItem,
  { origin, seen }: Arrival,
): Promise<Handled> {
  const { control, context } = conversation
  if (control === undefined || record === undefined) return { refused: 'misplaced' }
  const checked = await checkThing(context.crypto, conversation.id, record)
  if (!checked.ok) return { refused: checked.reason }
  if (attachment.length > 0 && toHex(sha256(attachment)) !== toHex(checked.value.attachmentHash)) {
    return { refused: 'wrong-attachment' }
  }
  if (checked.value.thing.seq > MAX_THINGS_OF_DEVICE) return { refused: 'too-many-things' }
  const kept = { ...checked.value, attachment: attachment.slice() }
  const payer = control.payerOf(kept)
  if (payer === undefined) return { refused: 'no-space' }
  const next = control.with([kept], payer === 'unknown' ? undefined : payer)
  if (next === control) {
    await context.store.commit([seen])
    return { done: true }
  }
  if (!next.kept.has(kept.thing.id)) return { refused: 'other-account' }
  if (next.isTooFull && !control.isTooFull) return { refused: 'control-full' }
  const now = context.clock.now()
  const changes: Change[] = [seen, { put: 'control', row: controlRow(conversation.id, kept, now) }]
  const { device } = checked.value.thing
  const jitter = jitterOf(context.random.bytes(4))
  await conversation.step(
    { type: 'control', device, cseq: next.reachOf(device).seq, via: origin.via, now, jitter },
    { changes, row: {}, committed: () => conversation.setControl(next) },
  )
  await advance(conversation)
  await tellOut(conversation, kept)
  return { done: true }
}
