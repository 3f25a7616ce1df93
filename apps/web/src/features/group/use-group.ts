import type { ConversationSummary, MemberSnapshot } from '@sotto/client'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import { contactsIn } from './contacts.ts'
import { isLastToManage, mayManage, rightsOver } from './group-rights.ts'
import { groupStrings } from './group-strings.ts'
import type { GroupProps, Member } from './group-view.tsx'

export function useGroup(group: ConversationSummary, close: () => void): GroupProps {
  const client = useClientSnapshot()
  const add = useIntent('groupAdd')
  const remove = useIntent('groupRemove')
  const role = useIntent('groupRole')
  const leave = useIntent('groupLeave')
  const rename = useIntent('groupRename')
  const all = [add, remove, role, leave, rename]

  const { conversation, members, invited, phase } = group
  const isIn = phase === 'active' && !client.self.retired
  const here = new Set<string>([...members, ...invited].map(({ account }) => account))
  // One mistake at a time is told: that of the last thing that was done.
  const first =
    <A>(run: (ask: A) => Promise<unknown>) =>
    (ask: A) => {
      for (const intent of all) intent.forget()
      return run(ask)
    }
  const addAll = async (accounts: readonly string[]) => {
    for (const account of accounts) if (!(await first(add.run)({ conversation, account }))) return
  }
  return {
    snapshot: {
      title: group.title,
      canManage: isIn && mayManage(group.role),
      canLeave: isIn,
      isLastToManage: isLastToManage(members, client.self.account),
      members: members.map((member) => memberOf(member, group, client.self.account, isIn)),
      count: members.filter(({ state }) => state === undefined).length,
      invited,
      others: contactsIn(client).filter(({ account }) => !here.has(account)),
      busy: all.some(({ busy }) => busy),
      problem: all.find(({ problem }) => problem !== undefined)?.problem,
    },
    actions: {
      close,
      rename: (title) => void first(rename.run)({ conversation, title }),
      add: (accounts) => void addAll(accounts),
      appoint: (account) => void first(role.run)({ conversation, account, role: 'admin' }),
      demote: (account) => void first(role.run)({ conversation, account, role: 'member' }),
      remove: (account) => void first(remove.run)({ conversation, account }),
      leave: () => void first(leave.run)({ conversation }).then((left) => left !== undefined && close()),
    },
  }
}

function memberOf(member: MemberSnapshot, { members }: ConversationSummary, self: string, isIn: boolean): Member {
  const { account, name, role, state } = member
  const none = { appoint: false, demote: false, remove: false }
  return {
    account,
    name,
    isSelf: account === self,
    about: state ? `${groupStrings.roles[role]} · ${groupStrings.states[state]}` : groupStrings.roles[role],
    rights: isIn ? rightsOver(members, self, account) : none,
  }
}
