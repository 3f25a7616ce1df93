import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { messageOf, newestMessages } from '../conversation/rows.ts'
import type { ConversationSummary } from '../types.ts'

interface Remembered {
  readonly from: readonly unknown[]
  readonly summary: ConversationSummary
}

const remembered = new WeakMap<Conversation, Remembered>()

/** A conversation as the list shows it; read from the store again only when something that it shows has changed. */
export async function summaryOf(messenger: Messenger, conversation: Conversation): Promise<ConversationSummary> {
  const { row, state, peerName, verified, unread } = conversation
  const self = messenger.context.profile()
  const from = [row.phase, state, peerName, verified, unread, messenger.network.connection(conversation), self]
  const known = remembered.get(conversation)
  if (known?.from.every((value, index) => value === from[index]) === true) return known.summary
  const summary = await readSummary(messenger, conversation)
  remembered.set(conversation, { from, summary })
  return summary
}

async function readSummary(messenger: Messenger, conversation: Conversation): Promise<ConversationSummary> {
  const { store, profile } = messenger.context
  const { row, peer, peerName, verified, unread } = conversation
  const self = profile()
  const newest = await newestMessages(store, conversation.id, 1)
  const [last] = newest.rows.map((event) => messageOf(conversation.state, self.account, event))
  return {
    conversation: conversation.id,
    title: peerName,
    phase: row.phase === 'active' ? 'active' : row.phase === 'ended' ? 'ended' : 'requested',
    members: [
      { account: self.account, name: self.name, role: 'member' },
      { account: peer, name: peerName, role: 'member' },
    ],
    peer,
    verified,
    unread,
    connection: messenger.network.connection(conversation),
    ...(last === undefined ? {} : { last }),
    updatedAt: last?.sentAt ?? row.createdAt,
  }
}
