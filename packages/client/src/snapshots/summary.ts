import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { messageOf, newestMessages } from '../conversation/rows.ts'
import type { ConversationSummary } from '../types.ts'

/** A conversation as the list shows it. */
export async function summaryOf(messenger: Messenger, conversation: Conversation): Promise<ConversationSummary> {
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
