import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Person } from '../../ui/people-picker.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Section } from '../../ui/section.tsx'
import { AddPeople } from './add-people.tsx'
import type { Rights } from './group-rights.ts'
import { groupStrings } from './group-strings.ts'
import { GroupTitle } from './group-title.tsx'
import { MemberRow } from './member-row.tsx'

export interface Member extends Person {
  readonly isSelf: boolean
  /** Role, and what is under way with them, in words. */
  readonly about: string
  readonly rights: Rights
}

export interface GroupSnapshot {
  readonly title: string
  /** We are in it, and manage it. */
  readonly canManage: boolean
  readonly canLeave: boolean
  /** Nobody who stays could manage it, if we left now. */
  readonly isLastToManage: boolean
  readonly members: readonly Member[]
  /** How many of them are in, and stay. */
  readonly count: number
  readonly invited: readonly Person[]
  /** Who could be invited. */
  readonly others: readonly Person[]
  readonly busy: boolean
  readonly problem: string | undefined
}

export interface GroupActions {
  rename(title: string): void
  add(accounts: readonly string[]): void
  appoint(account: string): void
  demote(account: string): void
  remove(account: string): void
  leave(): void
  close(): void
}

export interface GroupProps {
  readonly snapshot: GroupSnapshot
  readonly actions: GroupActions
}

function leaveText({ isLastToManage }: GroupSnapshot): string {
  return isLastToManage ? `${groupStrings.leaveLastText} ${groupStrings.leaveText}` : groupStrings.leaveText
}

/** Who is in a group, as what, and what one may do about it. */
export function GroupView({ snapshot, actions }: GroupProps): ReactNode {
  const { title, members, invited, problem } = snapshot
  return (
    <Dialog title={groupStrings.details} onClose={actions.close}>
      <div className="flex flex-col gap-5">
        {problem && <Problem text={problem} />}
        {snapshot.canManage ? (
          <GroupTitle key={title} title={title} busy={snapshot.busy} rename={actions.rename} />
        ) : (
          <p className="text-lg font-semibold break-words">{title}</p>
        )}
        <Section heading={groupStrings.members(snapshot.count)}>
          <ul className="flex flex-col gap-3">
            {members.map((member) => (
              <MemberRow key={member.account} member={member} busy={snapshot.busy} actions={actions} />
            ))}
          </ul>
        </Section>
        {invited.length > 0 && (
          <Section heading={groupStrings.invited} text={groupStrings.invitedText}>
            <ul className="flex flex-col gap-1 text-[15px] font-medium">
              {invited.map(({ account, name }) => (
                <li key={account} className="flex items-center justify-between gap-2">
                  <span className="min-w-0 truncate">{name}</span>
                  {snapshot.canLeave && (
                    <Button className="px-3! text-sm!" disabled={snapshot.busy} onClick={() => actions.remove(account)}>
                      <span className="sr-only">{groupStrings.takeBack(name)}</span>
                      <span aria-hidden="true">{groupStrings.takeBackAction}</span>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Section>
        )}
        {snapshot.canManage && snapshot.others.length > 0 && (
          <AddPeople people={snapshot.others} busy={snapshot.busy} add={actions.add} />
        )}
        {snapshot.canLeave && (
          <Confirm
            title={groupStrings.leaveTitle(title)}
            text={leaveText(snapshot)}
            action={groupStrings.leaveAction}
            onConfirm={actions.leave}
          >
            <Button look="danger" disabled={snapshot.busy}>
              {groupStrings.leave}
            </Button>
          </Confirm>
        )}
      </div>
    </Dialog>
  )
}
