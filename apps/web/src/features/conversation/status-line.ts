import type { ConversationSnapshot } from '@sotto/client'
import { strings } from '../../strings.ts'
import { isMessage } from './timeline.ts'

/** How the other person is reached now, in honest words. */
export function statusLine(
  conversation: Pick<ConversationSnapshot, 'title' | 'phase' | 'connection' | 'rows'>,
): string {
  const { connection, phase, rows, title } = conversation
  if (phase === 'requested') return strings.list.requested(title)
  if (connection === 'direct') return strings.conversation.direct
  const undelivered = rows.some((row) => isMessage(row) && row.own && (row.state === 'queued' || row.state === 'sent'))
  if (connection === 'none') return undelivered ? strings.conversation.offlineWaiting : strings.conversation.offline
  return undelivered
    ? `${strings.conversation.relayed} · ${strings.conversation.waiting(title)}`
    : strings.conversation.relayed
}
