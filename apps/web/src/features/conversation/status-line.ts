import type { ConversationSnapshot } from '@sotto/client'
import { strings } from '../../strings.ts'
import { isMessage } from './timeline.ts'

type Shown = Pick<ConversationSnapshot, 'kind' | 'title' | 'phase' | 'connection' | 'members' | 'rows'>

/** How the others are reached now, in honest words. */
export function statusLine(conversation: Shown): string {
  const { kind, phase, members, title } = conversation
  const isPair = kind === 'pair'
  if (phase === 'ended') return isPair ? strings.list.ended : strings.group.out
  if (phase === 'requested') return isPair ? strings.list.requested(title) : strings.group.joining
  if (isPair) return reachLine(conversation)
  const people = strings.group.members(members.filter(({ state }) => state === undefined).length)
  if (members.length <= 1) return people
  return `${people} · ${reachLine(conversation)}`
}

function reachLine({ kind, connection, rows, title }: Shown): string {
  if (connection === 'direct') return strings.conversation.direct
  // No relay answers: what is written goes on through those who can be reached.
  if (connection === 'partly') return strings.group.partly
  const undelivered = rows.some((row) => isMessage(row) && row.own && (row.state === 'queued' || row.state === 'sent'))
  if (connection === 'none') return undelivered ? strings.conversation.offlineWaiting : strings.conversation.offline
  if (!undelivered) return strings.conversation.relayed
  const waiting = kind === 'pair' ? strings.conversation.waiting(title) : strings.group.waiting
  return `${strings.conversation.relayed} · ${waiting}`
}
