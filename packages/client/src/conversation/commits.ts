import type { Input } from '@sotto/core'
import { generationOf, processCommit, roster, type EpochState, type Processed } from '@sotto/group'
import type { Change, EpochId } from '@sotto/interface'
import type { Control } from '../groups/control.ts'
import { floorOf } from '../groups/floors.ts'
import type { Conversation } from './conversation.ts'
import { generationContext, putEpoch, putGeneration, tipFirst } from './epochs.ts'
import type { Arrival, Handled } from './arrival.ts'

const DAY_MS = 86_400_000
/** Updates that this device commits in a conversation, at most (G7): whatever a relay says of its mailboxes. */
export const MAX_REKEYS_A_DAY = 8
/** Whoever was away gets those of a whole quarter at once: {@link MAX_REKEYS_A_DAY} on each of 90 days. */
const MAX_EPOCHS_A_DAY = 90 * MAX_REKEYS_A_DAY

/**
 * Processes a commit against its parent's stored state and keeps the child. In a pair of the first version only the invited side commits: the one
 * that founded it is leaf 0 and has nothing to say here, so two honest devices never commit on one parent.
 */
export async function receiveCommit(
  conversation: Conversation,
  parentId: EpochId,
  mls: Uint8Array,
  { bytes, seen }: Arrival,
): Promise<Handled> {
  const { context, epochs } = conversation
  const parent = await epochs.get(parentId)
  if (parent === undefined) return { park: parentId }
  const processed = await processCommit(context.engine, parent, mls, { verify: context.verify })
  if (!processed.ok) return { refused: processed.reason }
  if (!isAllowed(parent, processed.value)) return { refused: 'not-allowed' }
  if (await isFlooded(conversation)) return { later: 'too-many-commits' }
  const { committer } = processed.value
  await adopt(conversation, { parent, ...processed.value, commit: bytes, who: { committer } }, [seen])
  return { done: true, epochs: [processed.value.child.epochId] }
}

function isAllowed(parent: EpochState, { committer, added, removed }: Processed): boolean {
  const leaf = roster(parent).find((member) => member.device === committer)?.leafIndex
  return leaf !== 0 && added.length === 0 && removed.length === 0
}

/** Each epoch costs a row: a member who commits without end is followed at this pace, and never refused for good. */
export async function isFlooded({ id, context }: Conversation): Promise<boolean> {
  const since = context.clock.now() - DAY_MS
  const epochs = await context.store.list('epochs', { prefix: [id] })
  return epochs.filter((epoch) => epoch.createdAt > since).length >= MAX_EPOCHS_A_DAY
}

type Members = Extract<Input, { type: 'members' }>

/** An epoch that is followed, and what came with it. */
export interface Followed {
  readonly parent: EpochState
  readonly child: EpochState
  readonly opensGeneration: boolean
  readonly commit: Uint8Array
  /** @default whether its parent is the tip */
  readonly isTip?: boolean
  /** What core is to know of who comes in by it, and goes out. */
  readonly who?: Pick<Members, 'owed' | 'committer' | 'from' | 'returned' | 'beside'>
  /** The control log with what leads to the child, when that is stored with it. */
  readonly control?: Control
}

/** Keeps a child epoch, and makes it the tip. `alsoCommitted` takes over, with the epoch, what `alongside` stores. */
export async function adopt(
  conversation: Conversation,
  followed: Followed,
  alongside: readonly Change[],
  alsoCommitted: () => void = () => {},
): Promise<void> {
  const { parent, child, opensGeneration, commit, who = {}, control = conversation.control } = followed
  const { isTip = parent.epochId === conversation.tip.epochId } = followed
  const { engine, clock } = conversation.context
  const createdAt = clock.now()
  const changes: Change[] = [
    ...alongside,
    ...putEpoch(child, { parent: parent.epochId, commit, opens: opensGeneration, createdAt }),
  ]
  const opened = opensGeneration ? await generationContext(engine, child, createdAt) : undefined
  if (opened !== undefined) changes.push(putGeneration(opened, child))
  const { id: tipGeneration } = isTip ? await generationOf(engine, child) : conversation.generation
  const members = roster(isTip ? child : conversation.tip).map(({ device, account }) => ({ device, account }))
  const epochId = isTip ? child.epochId : conversation.tip.epochId
  const accepted = isTip && ['founding', 'requested'].includes(conversation.row.phase)
  if (accepted) changes.push(...(await answeredHello(conversation)))
  const next = isTip ? ({ row: { tip: child.epochId }, happening: 'followed' } as const) : {}
  const committed = (): void => {
    alsoCommitted()
    conversation.epochs.remember(child)
    if (isTip) conversation.tip = child
    conversation.generations = tipFirst(
      [...(opened === undefined ? [] : [opened]), ...conversation.generations],
      tipGeneration,
    )
  }
  const input = { type: 'members', members, epochId, floor: floorOf(control, epochId) ?? 0, ...who } as const
  await conversation.step(input, { changes, committed, ...next })
  if (opened !== undefined) conversation.outlet.renewed(conversation)
  if (accepted) await conversation.accepted()
}

/** A hello that was answered has arrived, whether or not that was noted when it was sent. */
async function answeredHello({ id, context }: Conversation): Promise<Change[]> {
  const rows = await context.store.list('outbox', { prefix: [id] })
  return rows.filter((row) => row.kind === 'knock').map((row): Change => ({ delete: 'outbox', key: [id, row.innerId] }))
}
