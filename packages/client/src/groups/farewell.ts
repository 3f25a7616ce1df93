import type { DeviceId, GenerationId } from '@sotto/interface'
import { newestReceipt } from '../conversation/newest-receipt.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control, Kept } from './control.ts'
import { generationAt, reachesIn } from './serve.ts'

/** Who has missed more than so many things learns from its mailboxes that it is out. */
const MAX_FAREWELL = 256

/** What a device that is out is told, and nothing later: the commit by which it is, and what that stands on (section 11 of spec/group.md). */
export interface Farewell {
  /** What it lacks of these by its newest receipt, each after what it stands on. */
  readonly things: readonly Kept[]
  /** Whose keys it has, by the same. */
  readonly generation: GenerationId
}

/** The commit of the path by which a device that was in is not in any more. */
export function commitWithout(control: Control, device: DeviceId): Kept | undefined {
  const { path, tree } = control.view
  if (tree.some((leaf) => leaf.device === device)) return undefined
  for (const epochId of path.toReversed()) {
    const commit = control.commitTo(epochId)
    const { body } = commit?.thing ?? {}
    if (body?.kind === 'commit' && body.removed.some((leaf) => leaf.device === device)) return commit
  }
  return undefined
}

/** Undefined when it cannot be told: whoever has never said what it has, or is under keys that are kept no more. */
export async function farewellTo(
  conversation: Conversation,
  device: DeviceId,
  commit: Kept,
): Promise<Farewell | undefined> {
  const { control, context, id } = conversation
  const receipt = await newestReceipt(context.store, id, device)
  const generation = receipt && (await generationAt(conversation, receipt))
  if (control === undefined || receipt === undefined || generation === undefined) return undefined
  const said = reachesIn(receipt)
  const past = control.pastOf(commit.thing.id)
  const things = control.placed.filter(
    ({ thing }) => past.has(thing.id) && thing.device !== device && thing.seq > (said.get(thing.device) ?? 0),
  )
  return things.length > MAX_FAREWELL ? undefined : { things, generation }
}
