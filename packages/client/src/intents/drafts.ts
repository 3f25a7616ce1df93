import type { Change, ConversationId, Store } from '@sotto/interface'
import { isMessageText } from '@sotto/wire'
import { fromString, toString } from 'uint8arrays'
import type { Messenger } from '../client.ts'
import { badText } from '../invitations/join.ts'
import type { IntentTable } from './table.ts'

const PREFIX = 'draft/'

/** What was typed and not sent. It lies where the messages lie, and is sealed as they are. */
export function draftIntents(messenger: Messenger): Pick<IntentTable, 'drafts' | 'keepDraft'> {
  const { store } = messenger.context
  return {
    drafts: async () => {
      const rows = (await store.list('meta')).filter((row) => row.key.startsWith(PREFIX))
      return {
        rows: rows.map(({ key, value }) => ({
          conversation: key.slice(PREFIX.length) as ConversationId,
          text: toString(value),
        })),
      }
    },
    keepDraft: async ({ conversation, text }) => {
      const { id } = messenger.get(conversation)
      if (text !== '' && !isMessageText(text)) throw badText()
      await store.commit([
        text === '' ? dropped(id) : { put: 'meta', row: { key: PREFIX + id, value: fromString(text) } },
      ])
      return {}
    },
  }
}

/** To be committed with a message: it is a draft no more. A later draft stays. */
export async function draftSent(store: Store, conversation: ConversationId, text: string): Promise<readonly Change[]> {
  const row = await store.get('meta', [PREFIX + conversation])
  return row !== undefined && toString(row.value).trim() === text.trim() ? [dropped(conversation)] : []
}

function dropped(conversation: ConversationId): Change {
  return { delete: 'meta', key: [PREFIX + conversation] }
}
