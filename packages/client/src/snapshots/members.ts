import type { AccountId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { MemberSnapshot } from '../types.ts'

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
  const inTree = new Set(view.tree.flatMap(({ device }) => control.accountOf(device) ?? []))
  const wanted = new Set(view.desired.flatMap(({ device }) => control.accountOf(device) ?? []))
  const members = view.accounts
    .filter(({ account }) => wanted.has(account))
    .map(({ account, role }): MemberSnapshot => ({
      ...named(account),
      role,
      ...(inTree.has(account) ? {} : { state: 'joining' }),
    }))
  const leaving = [...inTree].filter((account) => !wanted.has(account))
  return [
    ...members,
    ...leaving.map((account): MemberSnapshot => ({ ...named(account), role: 'member', state: 'leaving' })),
  ]
}
