import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { groupStrings } from './group-strings.ts'
import type { GroupActions, Member } from './group-view.tsx'

export interface MemberRowProps {
  readonly member: Member
  readonly busy: boolean
  readonly actions: Pick<GroupActions, 'appoint' | 'demote' | 'remove'>
}

export function MemberRow({ member, busy, actions }: MemberRowProps): ReactNode {
  const { account, name, about } = member
  return (
    <li>
      <div className="flex items-center gap-3">
        <Avatar name={name} seed={account} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{member.isSelf ? groupStrings.self(name) : name}</span>
          <span className="block text-sm text-muted">{about}</span>
        </span>
      </div>
      <MemberActions member={member} busy={busy} actions={actions} />
    </li>
  )
}

function MemberActions({ member, busy, actions }: MemberRowProps): ReactNode {
  const { account, name, rights } = member
  if (!rights.appoint && !rights.demote && !rights.remove) return null
  return (
    <div className="mt-1 flex flex-wrap gap-2 pl-14">
      {rights.appoint && (
        <Button className={SMALL} disabled={busy} onClick={() => actions.appoint(account)}>
          <Label of={groupStrings.appoint} name={name} />
        </Button>
      )}
      {rights.demote && (
        <Button className={SMALL} disabled={busy} onClick={() => actions.demote(account)}>
          <Label of={groupStrings.demote} name={name} />
        </Button>
      )}
      {rights.remove && (
        <Confirm
          title={groupStrings.removeTitle(name)}
          text={groupStrings.removeText(name)}
          action={groupStrings.removeAction}
          onConfirm={() => actions.remove(account)}
        >
          <Button look="danger" className={SMALL} disabled={busy}>
            <Label of={groupStrings.remove} name={name} />
          </Button>
        </Confirm>
      )}
    </div>
  )
}

const SMALL = 'px-3! text-sm!'
/** Stands in no sentence. */
const HERE = '\uFFFC'

/** What is done to somebody: their name stands above, so only those who do not see that are told it again. */
function Label({ of, name }: { of(name: string): string; readonly name: string }): ReactNode {
  const [before = '', after = ''] = of(HERE).split(HERE)
  return (
    <span>
      {before}
      <span className="sr-only">{after === '' ? name : `${name} `}</span>
      {after.trimStart()}
    </span>
  )
}
