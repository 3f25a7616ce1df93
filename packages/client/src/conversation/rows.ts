import { messageState, reachedBy, type ConversationState } from '@sotto/core'
import type { AccountId, ConversationId, Rows, Store } from '@sotto/interface'
import { decodeTextBody, toHex } from '@sotto/wire'
import type { EventId } from '@sotto/interface'
import type { MessageSnapshot } from '../snapshots/row-snapshots.ts'
import type { Conversation } from './conversation.ts'

type EventRow = Rows['events']

/** Kinds that a person sees as a message. */
export function isMessage(row: EventRow): boolean {
  return row.kind === 'text'
}

/** An event as a view shows it. */
export function messageOf(conversation: Conversation, row: EventRow): MessageSnapshot {
  const { state, kind, context } = conversation
  const self = context.profile().account
  const body = decodeTextBody(row.body)
  const replyTo = body.ok && body.value.replyTo.length > 0 ? toHex<EventId>(body.value.replyTo) : undefined
  return {
    id: row.eventId,
    author: row.account,
    own: row.account === self,
    text: row.text,
    sentAt: row.sentAt,
    state: stateOf(state, self, row),
    ...(isUnsent(conversation, row) ? { unsent: true } : {}),
    ...(row.account === self && row.device !== state.self ? { elsewhere: true } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(kind === 'group' && row.device === state.self ? { reached: reachedBy(state, row.seq) } : {}),
  }
}

/** What a message has reached. Of one by another device of this account, only that it has left that device is known here. */
function stateOf(
  state: ConversationState,
  self: AccountId,
  { account, device, seq }: EventRow,
): MessageSnapshot['state'] {
  if (account === self && device !== state.self) return 'sent'
  return messageState(state, { device, seq }) ?? (account === self ? 'queued' : 'received')
}

/** An own message that waits and will never leave: its conversation is over, or this device is, or nobody is left who could still get it. */
function isUnsent({ state, isOver, context }: Conversation, { device, seq }: EventRow): boolean {
  if (device !== state.self || messageState(state, { device, seq }) !== 'queued') return false
  return isOver || context.profile().retired || seq <= state.released
}

/** The newest shown messages, oldest first, and whether there are older ones. */
export async function newestMessages(
  store: Store,
  conversation: ConversationId,
  count: number,
): Promise<{ rows: EventRow[]; hasOlder: boolean }> {
  const rows: EventRow[] = []
  let after: [number, string] | undefined
  // Nearly every event is a message; lists ask for one, at every change.
  let limit = Math.min(PAGE, count + FEW)
  for (;;) {
    const page: EventRow[] = await store.listBy('events.order', {
      prefix: [conversation, 1],
      reverse: true,
      limit,
      ...(after === undefined ? {} : { after }),
    })
    for (const row of page) {
      if (!isMessage(row)) continue
      if (rows.length === count) return { rows: rows.toReversed(), hasOlder: true }
      rows.push(row)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return { rows: rows.toReversed(), hasOlder: false }
    after = [last.lamport, last.eventId]
    limit = PAGE
  }
}

const PAGE = 200
const FEW = 4
