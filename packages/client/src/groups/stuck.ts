import { wouldBe, type View } from '@sotto/group'
import type { EpochId, ThingId } from '@sotto/interface'
import { fromHex } from '@sotto/wire'
import type { Conversation } from '../conversation/conversation.ts'
import { aged, type Ages } from './attendance.ts'
import { grantItself, ownGrants } from './come-back.ts'
import type { Control } from './control.ts'
import { say } from './say.ts'

/** What leads to an epoch has this long to come, before we say that we cannot enter it; and that word has as long again to change anything. */
const STUCK_MS = 86_400_000

/** How long this device has not been able to enter the epoch that is next on its way to the tip; nothing while it follows. */
export async function lostNoted(conversation: Conversation, before: Ages, passed: number): Promise<Ages> {
  const next = await firstLost(conversation)
  return next === undefined ? {} : aged(before, [next], passed, Infinity)
}

/**
 * Says of the first epoch that it cannot enter that it cannot, once; should the tip stay, asks for a leaf of its own anew, once on each tip. True when
 * anything was said. Runs in the lane.
 */
export async function saySoIfStuck(conversation: Conversation, lost: Ages): Promise<boolean> {
  const { control, context } = conversation
  const { account, device } = context.profile()
  const [entry] = Object.entries(lost) as [EpochId, number][]
  if (control === undefined || entry === undefined || entry[1] < STUCK_MS) return false
  const [next, age] = entry
  const commit = control.commitTo(next)?.thing.id
  if (commit !== undefined && !hasComplained(control, device, commit)) {
    const isHeard = wouldBe(control.log, { kind: 'stuck', commit }, { account, device })
    if (isHeard) await say(conversation, { case: 'stuck', value: { commit: fromHex(commit) } })
    if (isHeard) return true
  }
  if (age < 2 * STUCK_MS || hasAskedOn(control, device, control.view)) return false
  return grantItself(conversation)
}

/** The next epoch on the way to the tip, if this device is to be there and has not come there. */
async function firstLost({ control, context, epochs }: Conversation): Promise<EpochId | undefined> {
  if (control === undefined) return undefined
  const { device } = context.profile()
  const { path, tree, desired } = control.view
  if (![tree, desired].every((leaves) => leaves.some((leaf) => leaf.device === device))) return undefined
  let next: EpochId | undefined
  for (const epochId of path.toReversed()) {
    if (await epochs.has(epochId)) return next
    next = epochId
  }
  return next
}

function hasComplained({ kept }: Control, self: string, commit: ThingId): boolean {
  return [...kept.values()].some(
    ({ thing: { device, body } }) => device === self && body.kind === 'stuck' && body.commit === commit,
  )
}

function hasAskedOn(control: Control, self: Parameters<typeof ownGrants>[1], { tip }: View): boolean {
  return ownGrants(control, self).some(({ thing }) => thing.epoch === tip)
}
