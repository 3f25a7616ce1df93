import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import LinkIcon from 'lucide-react/icons/link'
import Settings from 'lucide-react/icons/settings'
import SquarePen from 'lucide-react/icons/square-pen'
import UserPlus from 'lucide-react/icons/user-plus'
import Users from 'lucide-react/icons/users'
import Zap from 'lucide-react/icons/zap'
import type { ReactNode } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { connectionStrings } from '../connection/connection-strings.ts'
import { groupStrings } from '../group/group-strings.ts'
import { inviteStrings } from '../invite/invite-strings.ts'
import { joinStrings } from '../join/join-strings.ts'
import { recoveryStrings } from '../recovery/recovery-strings.ts'
import { settingsStrings } from '../settings/settings-strings.ts'
import { listStrings } from './list-strings.ts'

export interface ListHeaderActions {
  invite(): void
  join(): void
  group(): void
  settings(): void
  recovery(): void
  connection(): void
}

interface ListHeaderProps {
  readonly actions: ListHeaderActions
  readonly canRecover: boolean
  /** False while the empty state offers the same two actions in the open. */
  readonly canAdd: boolean
}

export function ListHeader({ actions, canRecover, canAdd }: ListHeaderProps): ReactNode {
  return (
    <header className="flex min-h-15 items-center gap-1 px-3 py-2 pt-[max(0.5rem,env(safe-area-inset-top))]">
      <h1 className="flex-1 px-1 text-lg font-semibold">{listStrings.title}</h1>
      {canAdd && (
        <Menu
          entries={[
            { label: inviteStrings.title, icon: <UserPlus size={18} />, choose: actions.invite },
            { label: groupStrings.action, icon: <Users size={18} />, choose: actions.group },
            { label: joinStrings.action, icon: <LinkIcon size={18} />, choose: actions.join },
          ]}
        >
          <IconButton label={listStrings.add}>
            <SquarePen size={20} aria-hidden="true" />
          </IconButton>
        </Menu>
      )}
      <Menu
        entries={[
          { label: settingsStrings.title, icon: <Settings size={18} />, choose: actions.settings },
          ...(canRecover
            ? [{ label: recoveryStrings.title, icon: <KeyRound size={18} />, choose: actions.recovery }]
            : []),
          { label: connectionStrings.title, icon: <Zap size={18} />, choose: actions.connection },
        ]}
      >
        <IconButton label={listStrings.menu}>
          <Ellipsis size={20} aria-hidden="true" />
        </IconButton>
      </Menu>
    </header>
  )
}
