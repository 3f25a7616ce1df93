import type { ConversationSnapshot } from '@sotto/client'
import { strings } from '../../strings.ts'
import { isMessage } from './timeline.ts'

type Shown = Pick<ConversationSnapshot, 'kind' | 'title' | 'phase' | 'connection' | 'members' | 'rows'>

/** How the others are reached now, in honest words. */
export function statusLine(conversation: Shown): string {
  const { kind, phase, members, title } = conversation
  if (kind === 'pair') return phase === 'requested' ? strings.list.requested(title) : reachLine(conversation)
  if (phase === 'requested') return strings.group.joining
  const people = strings.group.members(members.length)
  return phase === 'ended' ? people : `${people} · ${reachLine(conversation)}`
}

function reachLine({ kind, connection, rows, title }: Shown): string {
  if (connection === 'direct') return strings.conversation.direct
  const undelivered = rows.some((row) => isMessage(row) && row.own && (row.state === 'queued' || row.state === 'sent'))
  if (connection === 'none') return undelivered ? strings.conversation.offlineWaiting : strings.conversation.offline
  if (!undelivered) return strings.conversation.relayed
  const waiting = kind === 'pair' ? strings.conversation.waiting(title) : strings.group.waiting
  return `${strings.conversation.relayed} · ${waiting}`
}
