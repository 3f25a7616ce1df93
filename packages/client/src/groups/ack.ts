import { maySeal } from '@sotto/core'
import { owesAck } from '@sotto/group'
import type { Conversation } from '../conversation/conversation.ts'
import { say } from './say.ts'

/**
 * How long an ack waits, by how many devices there are: what happens meanwhile is agreed to by the same one. Each change costs three acks
 * of everybody, so large groups agree seldom, and keep old states for longer.
 */
const WAITS = [
  { upTo: 3, ms: 0 },
  { upTo: 8, ms: 10_000 },
  { upTo: 32, ms: 300_000 },
] as const
const LONGEST_MS = 21_600_000

/** Says that this device agrees to the tip, soon: once everybody has, and knows it of everybody, old states may go (G6). Runs in the lane. */
export async function ackIfOwed(conversation: Conversation): Promise<void> {
  if (!isOwed(conversation)) return
  const devices = conversation.peerDevices.length + 1
  const ms = WAITS.find(({ upTo }) => devices <= upTo)?.ms ?? LONGEST_MS
  if (ms === 0) return say(conversation, { case: 'ack', value: {} })
  if (conversation.isAckDue) return
  conversation.isAckDue = true
  conversation.outlet.later(ms, () =>
    conversation.lane.run(async () => {
      conversation.isAckDue = false
      if (isOwed(conversation)) await say(conversation, { case: 'ack', value: {} })
    }),
  )
}

function isOwed({ control, context, state, tip, row, peerDevices }: Conversation): boolean {
  const { device, retired } = context.profile()
  if (control === undefined || row.phase !== 'active' || retired || !maySeal(state)) return false
  if (peerDevices.length === 0 || control.view.tip !== tip.epochId || control.isRekeying) return false
  return owesAck(control.log, device)
}
