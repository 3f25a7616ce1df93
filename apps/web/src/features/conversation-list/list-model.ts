import type { ClientSnapshot, ConversationSummary } from '@sotto/client'
import { strings } from '../../strings.ts'
import { shortTime } from '../../ui/time.ts'
import type { ListRow } from './list-rows.tsx'
import type { ListSnapshot } from './list-view.tsx'

/** What the list shows of a client's snapshot; `current` is the id of what stands open beside it. */
export function listSnapshot(
  client: ClientSnapshot,
  current: string | undefined,
  now: number,
): Omit<ListSnapshot, 'canRecover'> {
  return {
    rows: [...client.conversations]
      .sort((a, b) => b.updatedAt - a.updatedAt)
      .map((conversation) => listRow(conversation, current, now)),
    requests: client.requests.map((request) => ({
      id: request.id,
      name: request.name,
      seed: request.account,
      line: request.message,
      time: shortTime(request.receivedAt, now),
      current: request.id === current,
    })),
  }
}

function listRow(conversation: ConversationSummary, current: string | undefined, now: number): ListRow {
  const { last, phase } = conversation
  const ownState = last?.own && last.state !== 'received' ? last.state : undefined
  return {
    id: conversation.conversation,
    title: conversation.title,
    seed: conversation.peer,
    line: lineOf(conversation),
    tick: phase === 'active' ? ownState : undefined,
    time: shortTime(conversation.updatedAt, now),
    unread: conversation.unread,
    verified: conversation.verified,
    connection: conversation.connection,
    current: conversation.conversation === current,
  }
}

function lineOf({ phase, title, last }: ConversationSummary): string {
  if (phase === 'requested') return strings.list.requested(title)
  if (phase === 'ended') return strings.list.ended
  if (!last) return strings.list.nothingYet
  return last.own ? strings.list.you(last.text) : last.text
}
