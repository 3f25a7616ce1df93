import type { EventId } from '@sotto/interface'
import { toHex } from '@sotto/wire'
import type { Conversation } from './conversation.ts'

/** How far back a key is looked for: whoever asks again does so at once. */
const LATEST = 500

/**
 * The own message that was composed with this key, if there is one. The key is the salt of its body, which is in the same
 * row as the message: one is never there without the other.
 */
export async function composedWith(conversation: Conversation, key: string): Promise<EventId | undefined> {
  const { store, profile } = conversation.context
  const rows = await store.list('events', {
    prefix: [conversation.id, profile().device],
    reverse: true,
    limit: LATEST,
  })
  return rows.find((row) => toHex(row.salt) === key)?.eventId
}
