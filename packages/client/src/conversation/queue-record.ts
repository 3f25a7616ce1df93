import type { Change } from '@sotto/interface'
import type { Conversation } from './conversation.ts'
import { outboxRow, putOutbox, type OutboxKind } from './outbox-row.ts'
import { signRecord } from './records.ts'

/** Signed records that wait in the outbox. */
export type RecordOutboxKind = Extract<OutboxKind, 'receipt' | 'head' | 'fetch'>

/** The writes that queue an encoded record, signed; an older receipt or head record that still waits gives way to it. */
export async function recordChanges(
  conversation: Conversation,
  kind: RecordOutboxKind,
  body: Uint8Array,
): Promise<Change[]> {
  const { store, crypto, clock, profile } = conversation.context
  const inner = await signRecord(crypto, profile(), kind, body)
  const generation = conversation.generation.id
  const row = outboxRow({ conversation: conversation.id, kind, inner, generation, createdAt: clock.now() })
  const waiting = kind === 'fetch' ? [] : await store.list('outbox', { prefix: [conversation.id] })
  const replaced = waiting
    .filter((old) => old.kind === kind && old.innerId !== row.innerId)
    .map((old): Change => ({ delete: 'outbox', key: [conversation.id, old.innerId] }))
  return [...replaced, ...putOutbox(row)]
}
