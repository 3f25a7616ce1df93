import type { ConversationSnapshot } from '@sotto/client'
import { connectionStrings } from '../connection/connection-strings.ts'
import { groupStrings } from '../group/group-strings.ts'
import { conversationStrings } from './conversation-strings.ts'
import { isMessage } from './timeline.ts'

type Shown = Pick<ConversationSnapshot, 'kind' | 'title' | 'phase' | 'connection' | 'members' | 'rows'>

/** How the others are reached now, in honest words. */
export function statusLine(conversation: Shown): string {
  const { kind, phase, members, title } = conversation
  const isPair = kind === 'pair'
  if (phase === 'ended') return isPair ? conversationStrings.phases.ended : conversationStrings.phases.out
  if (phase === 'requested')
    return isPair ? conversationStrings.phases.requested(title) : conversationStrings.phases.joining
  if (isPair) return reachLine(conversation)
  const people = groupStrings.members(members.filter(({ state }) => state === undefined).length)
  if (members.length <= 1) return people
  return `${people} · ${reachLine(conversation)}`
}

function reachLine({ kind, connection, rows, title }: Shown): string {
  if (connection === 'direct') return conversationStrings.direct
  // No relay answers: what is written goes on through those who can be reached.
  if (connection === 'partly') return conversationStrings.group.partly
  const undelivered = rows.some((row) => isMessage(row) && row.own && (row.state === 'queued' || row.state === 'sent'))
  if (connection === 'none') return undelivered ? conversationStrings.offlineWaiting : connectionStrings.words.none
  if (!undelivered) return connectionStrings.words.relayed
  const waiting = kind === 'pair' ? conversationStrings.waiting(title) : conversationStrings.group.waiting
  return `${connectionStrings.words.relayed} · ${waiting}`
}
