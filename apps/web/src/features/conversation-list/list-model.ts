import type { ClientSnapshot, ConversationSummary } from '@sotto/client'
import { ownMark } from '../../client/own-mark.ts'
import { shownConnection } from '../../client/shown-connection.ts'
import { shortTime } from '../../ui/time.ts'
import { conversationStrings } from '../conversation/conversation-strings.ts'
import type { ListRow } from './list-rows.tsx'
import { listStrings } from './list-strings.ts'
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
    awaited: client.awaited.map(({ id, title, conversation, name, state, at }) => ({
      id,
      name: title,
      isGroup: true,
      label: listStrings.awaitedRow(title),
      seed: conversation,
      line: state === 'waiting' ? listStrings.awaiting(name) : listStrings.takenBackBy(name),
      time: shortTime(at, now),
      current: id === current,
    })),
    requests: client.requests.map((request) => ({
      id: request.id,
      name: request.name,
      isGroup: request.title !== undefined,
      label: listStrings.request(request.name),
      seed: request.account,
      line: request.title === undefined ? request.message : listStrings.invites(request.title),
      time: shortTime(request.receivedAt, now),
      current: request.id === current,
    })),
  }
}

function listRow(conversation: ConversationSummary, current: string | undefined, now: number): ListRow {
  const { last, phase } = conversation
  return {
    id: conversation.conversation,
    title: conversation.title,
    isGroup: conversation.kind === 'group',
    seed: conversation.peer ?? conversation.conversation,
    line: lineOf(conversation),
    mark: phase === 'active' ? ownMark(last) : undefined,
    time: shortTime(conversation.updatedAt, now),
    unread: conversation.unread,
    verified: conversation.verified,
    connection: shownConnection(conversation),
    current: conversation.conversation === current,
  }
}

function lineOf({ kind, phase, title, last, members }: ConversationSummary): string {
  if (phase === 'requested')
    return kind === 'group' ? conversationStrings.phases.joining : conversationStrings.phases.requested(title)
  if (phase === 'ended') return kind === 'group' ? conversationStrings.phases.out : conversationStrings.phases.ended
  if (!last) return listStrings.nothingYet
  if (last.own) return listStrings.you(last.text)
  const author = kind === 'group' ? members.find((one) => one.account === last.author)?.name : undefined
  return author === undefined ? last.text : listStrings.said(author, last.text)
}
