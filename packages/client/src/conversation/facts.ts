import type { KnownEvent, OwnState } from '@sotto/core'
import type { Rows } from '@sotto/interface'
import { decodeProfileBody } from '@sotto/wire'
import type { Via } from '../fact.ts'
import type { Conversation } from './conversation.ts'
import { keepName } from '../groups/load.ts'
import { readIfElsewhere } from './read-elsewhere.ts'
import { isMessage, messageOf } from './rows.ts'

/** Tells watchers of events that became visible, and takes in the names that they carry. */
export async function emitShown(conversation: Conversation, events: readonly KnownEvent[]): Promise<void> {
  const { store, emit, profile } = conversation.context
  const { account: self, device } = profile()
  for (const event of events) {
    const row = await store.get('events', [conversation.id, event.device, event.seq])
    if (row === undefined) continue
    conversation.messagesChanged()
    const isOwn = row.account === self
    // What is written here, nobody here has to be told.
    if (row.device === device) continue
    if (row.kind === 'profile' && !isOwn) await takeName(conversation, row)
    if (!isMessage(row)) continue
    if (!isOwn) conversation.unread += 1
    const message = messageOf(conversation, row)
    emit({ type: 'message', conversation: conversation.id, message, via: row.via as Via })
  }
  await readIfElsewhere(conversation, events)
}

/** Tells watchers what own messages have reached. */
export async function emitStates(
  conversation: Conversation,
  reached: { firstSeq: number; lastSeq: number; state: OwnState },
): Promise<void> {
  const { store, emit, profile } = conversation.context
  const rows = await store.list('events', {
    prefix: [conversation.id, profile().device],
    after: [reached.firstSeq - 1],
    limit: reached.lastSeq - reached.firstSeq + 1,
  })
  conversation.messagesChanged()
  for (const row of rows) {
    if (isMessage(row))
      emit({ type: 'state', conversation: conversation.id, message: row.eventId, state: reached.state })
  }
}

async function takeName(conversation: Conversation, row: Rows['events']): Promise<void> {
  const body = decodeProfileBody(row.body)
  if (!body.ok) return
  if (conversation.kind === 'group') return keepName(conversation, row.account, body.value.name)
  const { store, changed } = conversation.context
  const contact = await store.get('contacts', [row.account])
  if (contact === undefined) return
  await store.commit([{ put: 'contacts', row: { ...contact, name: body.value.name } }])
  conversation.peerName = body.value.name
  changed()
}
