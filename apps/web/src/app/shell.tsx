import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useClientSnapshot, useStore } from '../client/use-store.ts'
import { ConnectionChip } from '../features/connection/connection-chip.tsx'
import { ConnectionDetails } from '../features/connection/connection-details.tsx'
import { chipSnapshot, detailsSnapshot } from '../features/connection/connection-model.ts'
import { EmptyView } from '../features/conversation-list/empty-view.tsx'
import { ListView } from '../features/conversation-list/list-view.tsx'
import { useList } from '../features/conversation-list/use-list.ts'
import type { Opened } from '../features/conversation-list/use-list.ts'
import { NoticesView } from '../features/notices/notices-view.tsx'
import { useNotices } from '../features/notices/use-notices.ts'
import { RecoveryStrip, RecoveryView } from '../features/recovery/recovery-view.tsx'
import { useRecovery } from '../features/recovery/use-recovery.ts'
import { classes } from '../ui/classes.ts'
import { useRefocus } from '../ui/use-refocus.ts'
import { appStrings } from './app-strings.ts'
import { PaneOf } from './pane-of.tsx'
import type { Router } from './router.ts'
import { useTitle } from './use-title.ts'

export interface ShellProps {
  readonly router: Router
  readonly phrase: string | undefined
}

/** The list and, beside it or on a phone in its place, what is open. */
export function Shell({ router, phrase }: ShellProps): ReactNode {
  const client = useClientSnapshot()
  const route = useStore(router.route)
  const [opened, setOpened] = useState<Opened>()
  const close = () => setOpened(undefined)
  const recovery = useRecovery(phrase, close)
  const notices = useNotices(router)
  const list = useList(router, recovery !== undefined, setOpened)
  const atHome = route.name === 'home'
  useTitle(client)
  const [listPlace, panePlace] = [useRef<HTMLElement>(null), useRef<HTMLDivElement>(null)]
  useRefocus(atHome ? listPlace : panePlace, route)

  const footer = (
    <>
      {recovery && <RecoveryStrip show={() => setOpened('recovery')} />}
      <ConnectionChip snapshot={chipSnapshot(client)} actions={{ open: () => setOpened('connection') }} />
    </>
  )
  return (
    <div className="flex h-full flex-col">
      {client.self.retired && <RetiredBanner revoked={client.self.revoked === true} />}
      <main className="grid min-h-0 flex-1 grid-cols-1 grid-rows-[auto_minmax(0,1fr)] md:grid-cols-[320px_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)_auto]">
        {/* On a phone above what is open, elsewhere under the list; over the shade of a dialog, and under the dialog. */}
        <div className="relative z-15 min-w-0 border-line md:row-start-2 md:border-r">
          <NoticesView {...notices} />
        </div>
        <nav
          ref={listPlace}
          tabIndex={-1}
          aria-label={appStrings.conversations}
          className={classes(
            atHome ? 'flex' : 'hidden md:flex',
            'row-start-2 min-h-0 flex-col border-line outline-none md:row-start-1 md:border-r',
          )}
        >
          <ListView {...list} empty={<EmptyView actions={list.actions} />} footer={footer} />
        </nav>
        <div
          ref={panePlace}
          tabIndex={-1}
          className={classes(
            atHome && 'hidden md:block',
            'row-start-2 min-h-0 min-w-0 outline-none md:col-start-2 md:row-span-2 md:row-start-1',
          )}
        >
          <PaneOf route={route} router={router} empty={<EmptyView actions={list.actions} />} />
        </div>
      </main>
      {opened === 'connection' && <ConnectionDetails snapshot={detailsSnapshot(client)} actions={{ close }} />}
      {opened === 'recovery' && recovery && <RecoveryView {...recovery} />}
    </div>
  )
}

function RetiredBanner({ revoked }: { readonly revoked: boolean }): ReactNode {
  return (
    <p role="alert" className="bg-warn-soft px-4 py-3 text-center text-sm text-warn-ink">
      {revoked ? appStrings.revoked : appStrings.retired}
    </p>
  )
}
