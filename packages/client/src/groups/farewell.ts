import type { DeviceId, GenerationId } from '@sotto/interface'
import { newestReceipt } from '../conversation/newest-receipt.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control, Kept } from './control.ts'
import { generationAt, reachesIn } from './serve.ts'

/** Who has missed more than so many things learns from its mailboxes that it is out. */
const MAX_FAREWELL = 1_024

/** What a device that is out is told, and nothing later: the commit by which it is, and what that stands on (section 11 of spec/group.md). */
export interface Farewell {
  /** What it may lack of these, each after what it stands on. */
  readonly things: readonly Kept[]
  /** Whose keys it may have, the likeliest first. */
  readonly generations: readonly GenerationId[]
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

/** Undefined when it cannot be told: it has missed too much, or its keys are kept no more. */
export async function farewellTo(
  conversation: Conversation,
  device: DeviceId,
  commit: Kept,
): Promise<Farewell | undefined> {
  const { control, context, id, generations } = conversation
  if (control === undefined) return undefined
  const receipt = await newestReceipt(context.store, id, device)
  const said = receipt && (await generationAt(conversation, receipt))
  // Who has said nothing yet has the keys with which it came in, or newer ones.
  const newest = generations.find(({ devices }) => devices.includes(device))?.id
  const known = [...new Set([said, newest])].filter((one) => one !== undefined)
  const has = receipt === undefined ? broughtAlong(control, device, commit) : hasBy(control, reachesIn(receipt))
  const past = control.pastOf(commit.thing.id)
  const things = control.placed.filter((kept) => past.has(kept.thing.id) && kept.thing.device !== device && !has(kept))
  return known.length === 0 || things.length > MAX_FAREWELL ? undefined : { things, generations: known }
}

type Has = (kept: Kept) => boolean

/** What it has by its word. Of a device that has said two things in one place it may have the other one: the last that it has is given again, and what stands on a fork. */
function hasBy(control: Control, said: ReadonlyMap<DeviceId, number>): Has {
  const forks = new Map<DeviceId, number>()
  for (const device of said.keys()) {
    const chain = control.chainOf(device)
    const fork = chain.find(({ thing }, index) => chain[index + 1]?.thing.seq === thing.seq)
    if (fork !== undefined) forks.set(device, fork.thing.seq)
  }
  return ({ thing: { device, seq } }) => seq < (said.get(device) ?? 0) && seq < (forks.get(device) ?? Infinity)
}

/** What the Welcome has brought to who came in and has said nothing since. */
function broughtAlong(control: Control, device: DeviceId, leaving: Kept): Has {
  const { path } = control.view
  const commits = path.flatMap((epochId) => control.commitTo(epochId) ?? [])
  const letIn = commits
    .slice(0, commits.indexOf(leaving))
    .findLast(({ thing: { body } }) => body.kind === 'commit' && body.added.some((leaf) => leaf.device === device))
  const past = letIn === undefined ? new Set() : control.pastOf(letIn.thing.id)
  return ({ thing }) => past.has(thing.id)
}
