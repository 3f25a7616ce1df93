import type { Change, ConversationId, GenerationId, RelayId, Rows } from '@sotto/interface'
import { innerIdOf } from '@sotto/wire'

/** What an outbox row holds; decides its lane and when it is done. */
export type OutboxKind =
  | 'application'
  | 'commit'
  | 'control'
  | 'receipt'
  | 'head'
  | 'fetch'
  | 'served'
  | 'knock'
  | 'back'

export type OutboxRow = Rows['outbox']

/** The lane of the conversation's mailboxes that an item is deposited in. */
export function laneOf(kind: string): 'content' | 'control' {
  return kind === 'application' || kind === 'served' ? 'content' : 'control'
}

/** A new row: not yet at any relay. `firstSeq` and `lastSeq` are the own events inside, else 0. */
export function outboxRow(about: {
  conversation: ConversationId
  kind: OutboxKind
  inner: Uint8Array
  generation: GenerationId
  createdAt: number
  firstSeq?: number
  lastSeq?: number
}): OutboxRow {
  return {
    conversation: about.conversation,
    innerId: innerIdOf(about.inner),
    kind: about.kind,
    inner: about.inner,
    generation: about.generation,
    firstSeq: about.firstSeq ?? 0,
    lastSeq: about.lastSeq ?? 0,
    createdAt: about.createdAt,
    deposits: '[]',
  }
}

/** The writes that add it; an own item is marked as seen, because it comes back from the mailbox. */
export function putOutbox(row: OutboxRow): Change[] {
  const { conversation, innerId, createdAt } = row
  return [
    { put: 'outbox', row },
    { put: 'seen', row: { conversation, innerId, at: createdAt } },
  ]
}

/** What the others must say that they have, before it leaves the outbox. */
function isKept(kind: string): boolean {
  return kind === 'application' || kind === 'commit' || kind === 'control'
}

/** Whether others owe a word about it: another's thing that we pass on has no place in our chain, nobody's receipt speaks of it to us. */
export function isOwed(row: OutboxRow): boolean {
  return isKept(row.kind) && !(row.kind === 'control' && row.lastSeq === 0)
}

/**
 * A commit of a control chain, and what it rests on, is also for those who go out by it and whose paths count no more: they learn it from their
 * mailbox, whoever else has it.
 */
export function isForAll(conversation: { control: unknown; generation: { id: string } }, row: OutboxRow): boolean {
  if (conversation.control === undefined) return false
  return row.kind === 'commit' || (row.kind === 'control' && row.generation !== conversation.generation.id)
}

/** The relays that have stored it. */
export function depositsOf(row: OutboxRow): readonly RelayId[] {
  return JSON.parse(row.deposits) as RelayId[]
}

/** The row with one relay more. */
export function withDeposit(row: OutboxRow, relay: RelayId): OutboxRow {
  return { ...row, deposits: JSON.stringify([...new Set([...depositsOf(row), relay])]) }
}
