import type { EpochId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'

/** Since when something has been due on a tip, by the monotonic clock, and whether a timer for it is set. As far as this run knows. */
export interface Due {
  readonly tip: EpochId
  readonly at: number
  isTimed: boolean
}

/**
 * Whether what is due on this tip has been for `ms`: time for others to do it. If not, `again` is called in the lane once it has, if the
 * tip is still the same.
 */
export function hasWaited(
  conversation: Conversation,
  what: 'change' | 'room',
  ms: number,
  again: () => Promise<unknown>,
): boolean {
  if (ms === 0) return true
  const { dueSince, context, tip, outlet, lane } = conversation
  const now = context.clock.monotonic()
  let due = dueSince.get(what)
  if (due?.tip !== tip.epochId) {
    due = { tip: tip.epochId, at: now, isTimed: false }
    dueSince.set(what, due)
  }
  const left = due.at + ms - now
  if (left <= 0) return true
  if (due.isTimed) return false
  due.isTimed = true
  outlet.later(left, () =>
    lane.run(async () => {
      due.isTimed = false
      if (conversation.tip.epochId === due.tip) await again()
    }),
  )
  return false
}
