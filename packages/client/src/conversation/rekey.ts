import { commit, roster } from '@sotto/group'
import type { Change } from '@sotto/interface'
import { encodeInner, fromHex } from '@sotto/wire'
import { maySeal } from '@sotto/core'
import { rekeyGroup } from '../groups/commit-due.ts'
import { hasWaited } from '../groups/patience.ts'
import { renewalWait, roomWait } from '../groups/turn.ts'
import { adopt, MAX_REKEYS_A_DAY } from './commits.ts'
import type { Conversation } from './conversation.ts'
import { depositsOf, isOwed, outboxRow, putOutbox, type OutboxRow } from './outbox-row.ts'

const DAY_MS = 86_400_000
/** A generation is closed by a new one after this (G8). */
const GENERATION_MS = 7 * DAY_MS
/** Keys of a generation are kept this long after the next one was opened. */
const KEPT_MS = 90 * DAY_MS

/**
 * Commits an update that opens a new generation when the current one is old, or when `full` says that its mailbox has no room left.
 * Devices take turns at it; in a pair of the first version only the invited side commits (see `commits.ts`). Runs in the lane; the commit
 * goes to the parent's generation.
 */
export async function rekeyIfDue(conversation: Conversation, { full }: { full: boolean }): Promise<boolean> {
  const { context, state, tip, generation, row } = conversation
  const { retired } = context.profile()
  const now = context.clock.now()
  if (retired || row.phase !== 'active' || !maySeal(state) || !isDue(conversation, { full })) return false
  const waiting = await context.store.list('outbox', { prefix: [conversation.id] })
  if (waiting.some((entry) => entry.kind === 'commit' && depositsOf(entry).length === 0)) return false
  // Another generation would not help against a relay that is full of itself.
  if (generationsToday(conversation, now) >= MAX_REKEYS_A_DAY) return false
  if (conversation.control !== undefined) return (await rekeyGroup(conversation)) && (await dropOld(conversation, now))
  const committed = await commit(context.engine, tip, { update: true }, { opensGeneration: true })
  if (!committed.ok) return false
  const { parent, child } = committed.value
  const inner = encodeInner({
    item: { case: 'commit', value: { parentEpochId: fromHex(tip.epochId), mls: committed.value.commit } },
  })
  const about = {
    conversation: conversation.id,
    kind: 'commit',
    inner,
    generation: generation.id,
    createdAt: now,
  } as const
  const changes = [await conversation.epochs.moved(parent), ...putOutbox(outboxRow(about))]
  conversation.moved(parent)
  await adopt(conversation, { parent, child, opensGeneration: true, commit: inner }, changes)
  await conversation.step({ type: 'committed', now })
  conversation.outlet.wake(conversation)
  return dropOld(conversation, now)
}

function isDue(conversation: Conversation, { full }: { full: boolean }): boolean {
  const { control, tip, context, generation } = conversation
  const { device } = context.profile()
  const age = context.clock.now() - generation.openedAt
  if (control === undefined) {
    const isFounder = roster(tip).find((member) => member.device === device)?.leafIndex === 0
    return !isFounder && (full || age >= GENERATION_MS)
  }
  const [room, renewal] = [roomWait(control, device), renewalWait(control, device)]
  if (renewal !== undefined && age >= GENERATION_MS + renewal) return true
  const again = (): Promise<unknown> => rekeyIfDue(conversation, { full })
  return full && room !== undefined && hasWaited(conversation, 'room', room, again)
}

function generationsToday({ generations }: Conversation, now: number): number {
  return generations.filter(({ openedAt }) => now - openedAt < DAY_MS).length
}

/**
 * Forgets generations that nobody can still be writing to, and for which nothing waits here that others owe a word about or that lies nowhere yet. What a relay
 * that is gone for good never took keeps no keys: nobody reads it any more, and it goes with them.
 */
export async function dropOld(conversation: Conversation, now: number): Promise<true> {
  const waiting = await conversation.context.store.list('outbox', { prefix: [conversation.id] })
  const wanted = new Set(waiting.filter((row) => isWanted(row, now)).map((row) => row.generation))
  const old = conversation.generations.filter((entry, index, all) => {
    const closedAt = all[index - 1]?.openedAt ?? now
    return now - closedAt > KEPT_MS && !wanted.has(entry.id)
  })
  if (old.length === 0) return true
  const gone = new Set<string>(old.map(({ id }) => id))
  await conversation.context.store.commit([
    ...old.map((entry): Change => ({ delete: 'generations', key: [conversation.id, entry.id] })),
    ...waiting
      .filter((row) => gone.has(row.generation))
      .map((row): Change => ({ delete: 'outbox', key: [conversation.id, row.innerId] })),
  ])
  conversation.generations = conversation.generations.filter((entry) => !old.includes(entry))
  return true
}

function isWanted(row: OutboxRow, now: number): boolean {
  return isOwed(row) || (depositsOf(row).length === 0 && now - row.createdAt <= KEPT_MS)
}
