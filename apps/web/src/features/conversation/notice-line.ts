import type { ConversationSnapshot } from '@sotto/client'
import type { AccountId } from '@sotto/interface'
import { conversationStrings } from './conversation-strings.ts'
import { isMessage } from './timeline.ts'

type Shown = Pick<ConversationSnapshot, 'kind' | 'phase' | 'title' | 'rekeying' | 'members' | 'rows'>

/** What stands above the messages as long as it is so: why what one writes waits. */
export function noticeLine(
  { kind, phase, title, rekeying, members, rows }: Shown,
  self: AccountId,
): string | undefined {
  if (rekeying && phase === 'active') return conversationStrings.group.rekeying(rekeyer(members, self))
  if (kind !== 'pair' || phase !== 'requested') return undefined
  const hello = rows.find(isMessage)
  return hello?.state === 'queued' ? conversationStrings.helloKept(title) : conversationStrings.requested(title)
}

/** Whose device changes the keys: that of the most senior member who is in, and stays. */
function rekeyer(members: ConversationSnapshot['members'], self: AccountId): string {
  const first = members.find(({ state }) => state === undefined)
  if (first === undefined || first.account === self) return conversationStrings.group.ownDevice
  return conversationStrings.group.deviceOf(first.name)
}
