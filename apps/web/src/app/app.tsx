import { useState } from 'react'
import type { ReactNode } from 'react'
import { ClientContext } from '../client/client-context.ts'
import type { PageClient } from '../client/client-context.ts'
import { useClientSnapshot, useStore } from '../client/use-store.ts'
import { JoinView } from '../features/join/join-view.tsx'
import { useJoin } from '../features/join/use-join.ts'
import { LinkedView } from '../features/welcome/linked-view.tsx'
import { useWelcome } from '../features/welcome/use-welcome.ts'
import { welcomeStrings } from '../features/welcome/welcome-strings.ts'
import { WelcomeView } from '../features/welcome/welcome-view.tsx'
import { Page } from '../ui/page.tsx'
import type { Router } from './router.ts'
import { Shell } from './shell.tsx'

export interface AppProps {
  readonly client: PageClient
  readonly router: Router
  /** The recovery words, in the page that just made the account. */
  readonly phrase: string | undefined
  /** Whose device this has become, in the page that was just linked. */
  readonly linkedTo: string | undefined
  /** Makes this browser a device of an account that there is already. */
  link(): void
}

export function App({ client, ...rest }: AppProps): ReactNode {
  return (
    <ClientContext value={client}>
      <Screens {...rest} />
    </ClientContext>
  )
}

/** Before there is a name, one question fills the page; after that, list and pane. */
function Screens({ router, phrase, linkedTo, link: linkDevice }: Omit<AppProps, 'client'>): ReactNode {
  const { self } = useClientSnapshot()
  const route = useStore(router.route)
  const link = route.name === 'join' ? route.link : undefined
  // The name is set in the middle of answering the first invitation: the page stays what it is until that is done.
  const [isGreeted, setGreeted] = useState(false)
  const [firstLink, setFirstLink] = useState<string>()
  if (self.name === '' && link !== firstLink) setFirstLink(link)
  if (link !== undefined && link === firstLink) return <FirstJoin key={link} router={router} link={link} />
  if (self.name === '') return <FirstName link={linkDevice} />
  return (
    <>
      <Shell router={router} phrase={phrase} />
      {linkedTo !== undefined && !isGreeted && <LinkedView name={linkedTo} close={() => setGreeted(true)} />}
    </>
  )
}

function FirstName({ link }: { link(): void }): ReactNode {
  return <WelcomeView {...useWelcome(link)} />
}

function FirstJoin({ router, link }: { readonly router: Router; readonly link: string }): ReactNode {
  const join = useJoin(router, link)
  return (
    <Page title={welcomeStrings.title} lead={welcomeStrings.lead}>
      <JoinView {...join} />
    </Page>
  )
}
