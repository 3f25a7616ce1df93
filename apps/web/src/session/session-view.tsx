import type { ReactNode } from 'react'
import { App } from '../app/app.tsx'
import type { Router } from '../app/router.ts'
import { useStore } from '../client/use-store.ts'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { uiStrings } from '../ui/ui-strings.ts'
import { LinkingView } from './linking-view.tsx'
import { LockedView } from './locked-view.tsx'
import { sessionStrings } from './session-strings.ts'
import type { Session } from './session.ts'
import type { Missing } from './support.ts'

export interface SessionViewProps {
  readonly session: Session
  readonly router: Router
}

export function SessionView({ session, router }: SessionViewProps): ReactNode {
  const state = useStore(session.state)
  switch (state.kind) {
    case 'starting':
      return <Starting />
    case 'unsupported':
      return <Unsupported missing={state.missing} />
    case 'elsewhere':
      return (
        <Page title={sessionStrings.elsewhereTitle} lead={sessionStrings.elsewhereText}>
          <Button look="primary" busy={state.takingOver} onClick={() => session.takeOver()}>
            {state.takingOver ? sessionStrings.takingOver : sessionStrings.useHere}
          </Button>
        </Page>
      )
    case 'failed':
      return (
        <Page title={sessionStrings.failedTitle}>
          <Problem text={state.sentence} />
          <Button look="primary" onClick={() => location.reload()}>
            {uiStrings.retry}
          </Button>
        </Page>
      )
    case 'locked':
      return <LockedView snapshot={state} actions={{ unlock: session.unlock }} />
    case 'linking':
      return <LinkingView snapshot={state} actions={{ another: session.link, cancel: session.cancelLink }} />
    case 'running':
      return (
        <App
          client={state.client}
          router={router}
          phrase={state.phrase}
          linkedTo={state.linkedTo}
          link={session.link}
        />
      )
  }
}

/** What index.html shows before any script runs; the words come only when opening takes long. */
function Starting(): ReactNode {
  return (
    <main className="relative grid h-full place-items-center">
      <Mark />
      <h1 role="status" className="late absolute top-1/2 mt-12 text-[15px] font-normal text-muted">
        {sessionStrings.starting}
      </h1>
    </main>
  )
}

function Unsupported({ missing }: { readonly missing: readonly Missing[] }): ReactNode {
  return (
    <Page title={sessionStrings.missingTitle} lead={sessionStrings.missingLead}>
      <ul className="flex list-disc flex-col gap-2 pl-5 text-[15px]">
        {missing.map((what) => (
          <li key={what}>{sessionStrings.missing[what]}</li>
        ))}
      </ul>
      <p className="text-sm text-muted">{sessionStrings.missingEnd}</p>
    </Page>
  )
}
