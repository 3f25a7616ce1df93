import { messageState, reachedBy, type ConversationState } from '@sotto/core'
import type { AccountId, ConversationId, Rows, Store } from '@sotto/interface'
import { decodeTextBody, toHex } from '@sotto/wire'
import type { EventId } from '@sotto/interface'
import type { MessageSnapshot } from '../types.ts'
import type { Conversation } from './conversation.ts'

type EventRow = Rows['events']

/** Kinds that a person sees as a message. */
export function isMessage(row: EventRow): boolean {
  return row.kind === 'text'
}

/** An event as a view shows it. */
export function messageOf({ state, kind, context }: Conversation, row: EventRow): MessageSnapshot {
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
  const reached = messageState(state, { device, seq }) ?? (account === self ? 'queued' : 'received')
  const isTold = reached === 'delivered' || reached === 'read'
  return device === state.self && isTold && !isHeard(state, seq) ? 'sent' : reached
}

/** Whether anybody has an own message. What was said to nobody is not delivered because somebody comes in later. */
export function isHeard({ devices, self }: ConversationState, seq: number): boolean {
  const own = devices.find(({ device }) => device === self)?.account
  return devices.some(
    ({ account, since = 0, acknowledged }) => account !== own && since < seq && acknowledged.delivered >= seq,
  )
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
