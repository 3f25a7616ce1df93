import LinkIcon from 'lucide-react/icons/link'
import UserPlus from 'lucide-react/icons/user-plus'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { inviteStrings } from '../invite/invite-strings.ts'
import { joinStrings } from '../join/join-strings.ts'
import { listStrings } from './list-strings.ts'

export interface EmptyActions {
  invite(): void
  join(): void
}

/** Nobody here yet: exactly two ways on. */
export function EmptyView({ actions }: { readonly actions: EmptyActions }): ReactNode {
  return (
    <div className="mx-auto flex h-full max-w-xs flex-col items-center justify-center gap-5 p-4 text-center">
      <Mark />
      <div className="flex flex-col gap-1">
        <h2 className="text-lg font-semibold">{listStrings.emptyTitle}</h2>
        <p className="text-[15px] text-pretty text-muted">{listStrings.emptyText}</p>
      </div>
      <div className="flex w-full flex-col gap-2">
        <Button look="primary" onClick={actions.invite}>
          <UserPlus size={18} aria-hidden="true" />
          {inviteStrings.title}
        </Button>
        <Button onClick={actions.join}>
          <LinkIcon size={18} aria-hidden="true" />
          {joinStrings.action}
        </Button>
      </div>
    </div>
  )
}
