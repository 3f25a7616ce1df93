import ShieldMinus from 'lucide-react/icons/shield-minus'
import ShieldPlus from 'lucide-react/icons/shield-plus'
import UserMinus from 'lucide-react/icons/user-minus'
import type { ReactNode } from 'react'
import { strings } from '../../strings.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import type { GroupActions, Member } from './group-view.tsx'

export interface MemberRowProps {
  readonly member: Member
  readonly busy: boolean
  readonly actions: Pick<GroupActions, 'appoint' | 'demote' | 'remove'>
}

export function MemberRow({ member, busy, actions }: MemberRowProps): ReactNode {
  const { account, name, about, rights } = member
  return (
    <li className="flex items-center gap-1">
      <Avatar name={name} seed={account} />
      <span className="min-w-0 flex-1 pl-2">
        <span className="block truncate font-medium">{member.isSelf ? strings.group.self(name) : name}</span>
        <span className="block text-sm text-muted">{about}</span>
      </span>
      {rights.appoint && (
        <IconButton label={strings.group.appoint(name)} disabled={busy} onClick={() => actions.appoint(account)}>
          <ShieldPlus size={20} aria-hidden="true" />
        </IconButton>
      )}
      {rights.demote && (
        <IconButton label={strings.group.demote(name)} disabled={busy} onClick={() => actions.demote(account)}>
          <ShieldMinus size={20} aria-hidden="true" />
        </IconButton>
      )}
      {rights.remove && (
        <Confirm
          title={strings.group.removeTitle(name)}
          text={strings.group.removeText(name)}
          action={strings.group.removeAction}
          onConfirm={() => actions.remove(account)}
        >
          <IconButton label={strings.group.remove(name)} disabled={busy}>
            <UserMinus size={20} aria-hidden="true" />
          </IconButton>
        </Confirm>
      )}
    </li>
  )
}
