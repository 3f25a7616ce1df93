import Ban from 'lucide-react/icons/ban'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import Shield from 'lucide-react/icons/shield'
import ShieldCheck from 'lucide-react/icons/shield-check'
import Users from 'lucide-react/icons/users'
import type { ReactNode } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { uiStrings } from '../../ui/ui-strings.ts'
import { Verified } from '../../ui/verified.tsx'
import { groupStrings } from '../group/group-strings.ts'
import { requestStrings } from '../requests/request-strings.ts'
import { safetyStrings } from '../safety/safety-strings.ts'
import { conversationStrings } from './conversation-strings.ts'
import type { ConversationProps } from './conversation-view.tsx'

export function ConversationHeader({ snapshot, actions }: ConversationProps): ReactNode {
  return (
    <header className="flex min-h-15 items-center gap-2 border-b border-line px-3 py-2 pt-[max(0.5rem,env(safe-area-inset-top))]">
      <span className="md:hidden">
        <IconButton label={uiStrings.back} onClick={actions.back}>
          <ChevronLeft size={22} aria-hidden="true" />
        </IconButton>
      </span>
      <Avatar name={snapshot.title} seed={snapshot.seed} connection={snapshot.connection} />
      <div className="min-w-0 flex-1 pl-1">
        <h1 className="flex items-center gap-1 font-semibold">
          <span className="truncate">{snapshot.title}</span>
          {snapshot.verified && <Verified />}
        </h1>
        <p className="line-clamp-2 text-xs text-muted">{snapshot.status}</p>
      </div>
      {snapshot.isGroup ? (
        <IconButton label={groupStrings.details} onClick={actions.details}>
          <Users size={20} aria-hidden="true" />
        </IconButton>
      ) : (
        <IconButton label={safetyStrings.title} onClick={actions.safety}>
          {snapshot.verified ? <ShieldCheck size={20} aria-hidden="true" /> : <Shield size={20} aria-hidden="true" />}
        </IconButton>
      )}
      {snapshot.canBlock && (
        <Confirm
          title={requestStrings.blockTitle(snapshot.title)}
          text={requestStrings.blockText(snapshot.title)}
          action={requestStrings.block}
          onConfirm={actions.block}
        >
          <IconButton label={conversationStrings.block(snapshot.title)}>
            <Ban size={20} aria-hidden="true" />
          </IconButton>
        </Confirm>
      )}
    </header>
  )
}
