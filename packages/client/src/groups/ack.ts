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
/** Who has said so many acks within a day waits longer: of a member who changes keys all the time, the others' chains would come to their ends. */
const MANY_A_DAY = 64
const DAY_MS = 86_400_000
const THEN_MS = 3_600_000

/** Says that this device agrees to the tip, soon: once everybody has, and knows it of everybody, old states may go (G6). Runs in the lane. */
export async function ackIfOwed(conversation: Conversation): Promise<void> {
  if (!isOwed(conversation)) return
  const devices = conversation.peerDevices.length + 1
  const usual = WAITS.find(({ upTo }) => devices <= upTo)?.ms ?? LONGEST_MS
  const ms = hasSaidMany(conversation) ? Math.max(usual, THEN_MS) : usual
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

function hasSaidMany({ control, context }: Conversation): boolean {
  const { device } = context.profile()
  if (control === undefined || control.reachOf(device).seq <= MANY_A_DAY) return false
  const since = context.clock.now() - DAY_MS
  let said = 0
  for (const { thing, madeAt } of control.kept.values())
    if (thing.device === device && thing.body.kind === 'ack' && madeAt > since) said += 1
  return said > MANY_A_DAY
}

function isOwed({ control, context, state, tip, row, peerDevices }: Conversation): boolean {
  const { device, retired } = context.profile()
  if (control === undefined || row.phase !== 'active' || retired || !maySeal(state)) return false
  if (peerDevices.length === 0 || control.view.tip !== tip.epochId || control.isRekeying) return false
  return owesAck(control.log, device)
}
