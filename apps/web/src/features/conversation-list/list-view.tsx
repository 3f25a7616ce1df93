import type { ReactNode } from 'react'
import { ConversationRow, RequestRow } from './list-rows.tsx'
import type { ListRow, RequestListRow } from './list-rows.tsx'
import { ListHeader } from './list-header.tsx'
import type { ListHeaderActions } from './list-header.tsx'
import { listStrings } from './list-strings.ts'

export interface ListSnapshot {
  readonly rows: readonly ListRow[]
  readonly requests: readonly RequestListRow[]
  /** Groups that one is not in yet, or was uninvited from. */
  readonly awaited: readonly RequestListRow[]
  readonly canRecover: boolean
}

export interface ListActions extends ListHeaderActions {
  open(conversation: string): void
  openRequest(request: string): void
}

export interface ListProps {
  readonly snapshot: ListSnapshot
  readonly actions: ListActions
}

export interface ListSlots {
  /** Shown in the list's place on a phone while there is nothing in it. */
  readonly empty: ReactNode
  /** Stands at the bottom, always. */
  readonly footer: ReactNode
}

export function ListView({ snapshot, actions, empty, footer }: ListProps & ListSlots): ReactNode {
  const { rows, requests, awaited, canRecover } = snapshot
  const nothing = rows.length === 0 && requests.length === 0 && awaited.length === 0
  return (
    <>
      <ListHeader actions={actions} canRecover={canRecover} canAdd={!nothing} />
      <div className="flex-1 overflow-y-auto px-2 pb-2">
        {requests.length + awaited.length > 0 && (
          <section aria-labelledby="requests-heading" className="mb-2 border-b border-line pb-2">
            <h2 id="requests-heading" className="px-2 py-1 text-sm font-semibold text-muted">
              {requests.length > 0 ? listStrings.requests : listStrings.awaited}
            </h2>
            {requests.length > 0 && <Requests rows={requests} open={actions.openRequest} />}
            {awaited.length > 0 && <Requests label={listStrings.awaited} rows={awaited} open={actions.openRequest} />}
          </section>
        )}
        {rows.length > 0 && (
          <ul>
            {rows.map((row) => (
              <ConversationRow key={row.id} row={row} open={() => actions.open(row.id)} />
            ))}
          </ul>
        )}
        {nothing && <div className="h-full md:hidden">{empty}</div>}
      </div>
      {footer}
    </>
  )
}

interface RequestsProps {
  readonly rows: readonly RequestListRow[]
  /** What they are, where the heading is about others. */
  readonly label?: string
  open(request: string): void
}

function Requests({ rows, label, open }: RequestsProps): ReactNode {
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <RequestRow key={row.id} row={row} open={() => open(row.id)} />
      ))}
    </ul>
  )
}
