import type { ConnectionKind, ConversationSummary } from '@sotto/client'

/** How the others are reached; none where there is nobody to reach: nothing is sent any more, or nobody else is in the group yet. */
export function shownConnection({
  kind,
  phase,
  members,
  connection,
}: Pick<ConversationSummary, 'kind' | 'phase' | 'members' | 'connection'>): ConnectionKind | undefined {
  const isAlone = kind === 'group' && members.length <= 1
  return phase === 'ended' || isAlone ? undefined : connection
}
