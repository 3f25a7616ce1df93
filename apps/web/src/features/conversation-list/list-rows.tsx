import type { ConnectionKind } from '@sotto/client'
import Users from 'lucide-react/icons/users'
import type { ReactNode } from 'react'
import type { OwnMark } from '../../client/own-mark.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { classes } from '../../ui/classes.ts'
import { Tick } from '../../ui/tick.tsx'
import { Verified } from '../../ui/verified.tsx'
import { connectionStrings } from '../connection/connection-strings.ts'
import { listStrings } from './list-strings.ts'

export interface ListRow {
  readonly id: string
  readonly title: string
  readonly isGroup: boolean
  /** What the avatar's colour is taken from. */
  readonly seed: string
  readonly line: string
  /** Of the last message, if it is an own one. */
  readonly mark: OwnMark | undefined
  readonly time: string
  readonly unread: number
  readonly verified: boolean
  /** None where nothing is sent any more. */
  readonly connection: ConnectionKind | undefined
  readonly current: boolean
}

export interface RequestListRow {
  readonly id: string
  readonly name: string
  readonly isGroup: boolean
  /** What it is, for those who do not see where it stands. */
  readonly label: string
  readonly seed: string
  readonly line: string
  readonly time: string
  readonly current: boolean
}

export function ConversationRow({ row, open }: { readonly row: ListRow; open(): void }): ReactNode {
  return (
    <Row current={row.current} open={open}>
      <Avatar name={row.title} seed={row.seed} connection={row.connection} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1">
          <span className={classes('truncate', row.unread > 0 ? 'font-semibold' : 'font-medium')}>{row.title}</span>
          {row.verified && <Verified />}
          {row.isGroup && <GroupMark />}
          <span className="ml-auto shrink-0 pl-2 text-xs text-muted">{row.time}</span>
        </span>
        <span className="flex items-center gap-1 text-sm text-muted">
          {row.mark && <Tick state={row.mark.state} words={row.mark.words} readClass="bg-fill text-accent-ink" />}
          <span dir="auto" className="truncate">
            {row.line}
          </span>
          {row.connection && <span className="sr-only">{connectionStrings.words[row.connection]}</span>}
          {row.unread > 0 && (
            <span className="ml-auto grid h-5 min-w-5 shrink-0 place-items-center rounded-full bg-accent px-1.5 text-xs font-semibold text-white">
              <span aria-hidden="true">{row.unread > 99 ? '99+' : row.unread}</span>
              <span className="sr-only">{listStrings.unread(row.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </Row>
  )
}

export function RequestRow({ row, open }: { readonly row: RequestListRow; open(): void }): ReactNode {
  return (
    <Row current={row.current} open={open}>
      <Avatar name={row.name} seed={row.seed} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1">
          <span className="sr-only">{row.label}</span>
          <span aria-hidden="true" className="truncate font-semibold">
            {row.name}
          </span>
          {row.isGroup && <GroupMark />}
          <span className="ml-auto shrink-0 pl-2 text-xs text-muted">{row.time}</span>
        </span>
        <span dir="auto" className="block truncate text-left text-sm text-muted">
          {row.line}
        </span>
      </span>
    </Row>
  )
}

/** Tells a group from a person of that name. */
function GroupMark(): ReactNode {
  return (
    <span
      role="img"
      aria-label={listStrings.group}
      title={listStrings.group}
      className="inline-flex shrink-0 text-muted"
    >
      <Users size={15} aria-hidden="true" />
    </span>
  )
}

interface RowProps {
  readonly current: boolean
  open(): void
  readonly children: ReactNode
}

function Row({ current, open, children }: RowProps): ReactNode {
  return (
    <li>
      <button
        type="button"
        onClick={open}
        aria-current={current ? 'page' : undefined}
        className={classes(
          'flex w-full items-center gap-3 rounded-xl p-2 text-left focus-visible:-outline-offset-2',
          current ? 'bg-accent-soft' : 'hover:bg-hover',
        )}
      >
        {children}
      </button>
    </li>
  )
}
