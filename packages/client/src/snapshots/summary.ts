import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { messageOf, newestMessages } from '../conversation/rows.ts'
import type { ConversationSummary } from './conversation-snapshots.ts'
import { membersOf } from './members.ts'

interface Remembered {
  readonly from: readonly unknown[]
  readonly summary: ConversationSummary
}

const remembered = new WeakMap<Conversation, Remembered>()

/** A conversation as the list shows it; read from the store again only when something that it shows has changed. */
export async function summaryOf(messenger: Messenger, conversation: Conversation): Promise<ConversationSummary> {
  const { row, state, peerName, verified, unread, control, names, invited } = conversation
  const self = messenger.context.profile()
  const connection = messenger.network.connection(conversation)
  const from = [row.phase, state, peerName, verified, unread, control, names, invited, connection, self]
  const known = remembered.get(conversation)
  if (known?.from.every((value, index) => value === from[index]) === true) return known.summary
  const summary = await readSummary(messenger, conversation)
  remembered.set(conversation, { from, summary })
  return summary
}

async function readSummary(messenger: Messenger, conversation: Conversation): Promise<ConversationSummary> {
  const { store } = messenger.context
  const { row, kind, peer, title, verified, unread, invited, isRekeying: rekeying, ownRole: role } = conversation
  const newest = await newestMessages(store, conversation.id, 1)
  const [last] = newest.rows.map((event) => messageOf(conversation, event))
  return {
    conversation: conversation.id,
    kind: kind === 'group' ? 'group' : 'pair',
    title,
    phase: row.phase === 'active' || row.phase === 'away' ? 'active' : conversation.isOver ? 'ended' : 'requested',
    members: membersOf(conversation),
    ...(kind === 'pair' ? { peer } : {}),
    role,
    invited,
    rekeying,
    verified,
    unread,
    connection: messenger.network.connection(conversation),
    ...(last === undefined ? {} : { last }),
    updatedAt: last?.sentAt ?? row.createdAt,
  }
}
