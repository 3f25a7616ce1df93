import type { ConversationSnapshot, ConversationSummary } from '@sotto/client'
import { strings } from '../../strings.ts'
import { isMessage } from './timeline.ts'

type Shown = Pick<ConversationSnapshot, 'kind' | 'title' | 'phase' | 'connection' | 'members' | 'rows'>

/** How the others are reached now, in honest words. `all` says which members of a group are contacts with a direct path. */
export function statusLine(conversation: Shown, all: readonly ConversationSummary[] = []): string {
  const { kind, phase, members, title } = conversation
  const isPair = kind === 'pair'
  if (phase === 'ended') return isPair ? strings.list.ended : strings.group.out
  if (phase === 'requested') return isPair ? strings.list.requested(title) : strings.group.joining
  if (isPair) return reachLine(conversation)
  const people = strings.group.members(members.filter(({ state }) => state === undefined).length)
  if (members.length <= 1) return people
  return `${people} · ${isPartlyDirect(conversation, all) ? strings.group.partly : reachLine(conversation)}`
}

/** No relay answers, and some members can be reached all the same: what is written goes on through them. */
function isPartlyDirect({ connection, members }: Shown, all: readonly ConversationSummary[]): boolean {
  if (connection !== 'none') return false
  const direct = new Set(
    all.filter((one) => one.kind === 'pair' && one.connection === 'direct').map(({ peer }) => peer),
  )
  return members.some(({ account }) => direct.has(account))
}

function reachLine({ kind, connection, rows, title }: Shown): string {
  if (connection === 'direct') return strings.conversation.direct
  const undelivered = rows.some((row) => isMessage(row) && row.own && (row.state === 'queued' || row.state === 'sent'))
  if (connection === 'none') return undelivered ? strings.conversation.offlineWaiting : strings.conversation.offline
  if (!undelivered) return strings.conversation.relayed
  const waiting = kind === 'pair' ? strings.conversation.waiting(title) : strings.group.waiting
  return `${strings.conversation.relayed} · ${waiting}`
}
