import type { AccountId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { leftOut } from '../groups/left-out.ts'
import type { MemberSnapshot } from './conversation-snapshots.ts'

/** Who is in a conversation; in a group by seniority, then who is still to be taken out. */
export function membersOf(conversation: Conversation): MemberSnapshot[] {
  const { control, kind, peer, context } = conversation
  const self = context.profile().account
  const named = (account: AccountId): { account: AccountId; name: string } => ({
    account,
    name: conversation.nameOf(account),
  })
  if (kind !== 'group' || control === undefined)
    return [self, peer].map((account) => ({ ...named(account), role: 'member' }))
  const { view } = control
  const without = leftOut(conversation)
  const there = view.tree.filter((leaf) => !without.includes(leaf))
  const inTree = new Set(there.flatMap(({ device }) => control.accountOf(device) ?? []))
  const wanted = new Set(view.desired.flatMap(({ device }) => control.accountOf(device) ?? []))
  const members = view.accounts.map(({ account, role }): MemberSnapshot => {
    const isIn = wanted.has(account) && inTree.has(account)
    // Its place stays, whatever its devices do.
    return { ...named(account), role, ...(isIn ? {} : { state: wanted.has(account) ? 'joining' : 'away' }) }
  })
  const leaving = [...inTree].filter((account) => control.roleOf(account) === undefined)
  return [
    ...members,
    ...leaving.map((account): MemberSnapshot => ({ ...named(account), role: 'member', state: 'leaving' })),
  ]
}
