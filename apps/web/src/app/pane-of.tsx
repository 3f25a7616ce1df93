import type { AwaitedGroup, ConversationSummary, RequestSnapshot } from '@sotto/client'
import type { RequestId } from '@sotto/interface'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useClientSnapshot } from '../client/use-store.ts'
import { conversationStrings } from '../features/conversation/conversation-strings.ts'
import { ConversationView } from '../features/conversation/conversation-view.tsx'
import { useConversation } from '../features/conversation/use-conversation.ts'
import { GroupView } from '../features/group/group-view.tsx'
import { NewGroupView } from '../features/group/new-group-view.tsx'
import { useGroup } from '../features/group/use-group.ts'
import { useNewGroup } from '../features/group/use-new-group.ts'
import { InviteView } from '../features/invite/invite-view.tsx'
import { useInvite } from '../features/invite/use-invite.ts'
import { joinStrings } from '../features/join/join-strings.ts'
import { JoinView } from '../features/join/join-view.tsx'
import { useJoin } from '../features/join/use-join.ts'
import { RequestView } from '../features/requests/request-view.tsx'
import { useRequest } from '../features/requests/use-request.ts'
import { SafetyView } from '../features/safety/safety-view.tsx'
import { useSafety } from '../features/safety/use-safety.ts'
import { SettingsView } from '../features/settings/settings-view.tsx'
import { useSettings } from '../features/settings/use-settings.ts'
import { Pane } from '../ui/pane.tsx'
import { appStrings } from './app-strings.ts'
import type { Route, Router } from './router.ts'

interface PaneOfProps {
  readonly route: Route
  readonly router: Router
  readonly empty: ReactNode
}

/** One route, one feature; each is built anew when what it shows is another one. */
export function PaneOf({ route, router, empty }: PaneOfProps): ReactNode {
  const client = useClientSnapshot()
  switch (route.name) {
    case 'home':
      if (client.conversations.length === 0) return empty
      return <p className="grid h-full place-items-center p-6 text-muted">{appStrings.pick}</p>
    case 'conversation': {
      const found = client.conversations.find((one) => one.conversation === route.id)
      return found ? <Conversation key={route.id} router={router} summary={found} /> : <Gone router={router} />
    }
    case 'request':
      return <Request key={route.id} router={router} id={route.id} />
    case 'invite':
      return <Invite router={router} />
    case 'settings':
      return <Settings router={router} />
    case 'newGroup':
      return <NewGroup router={router} />
    case 'join':
      return <Join key={route.link} router={router} link={route.link} />
  }
}

function Conversation({
  router,
  summary,
}: {
  readonly router: Router
  readonly summary: ConversationSummary
}): ReactNode {
  const [opened, setOpened] = useState<'safety' | 'details'>()
  const close = () => setOpened(undefined)
  const ways = { safety: () => setOpened('safety'), details: () => setOpened('details') }
  return (
    <>
      <ConversationView {...useConversation(router, summary.conversation, ways)} />
      {opened === 'safety' && <Safety summary={summary} close={close} />}
      {opened === 'details' && <Group summary={summary} close={close} />}
    </>
  )
}

function Group({ summary, close }: { readonly summary: ConversationSummary; close(): void }): ReactNode {
  return <GroupView {...useGroup(summary, close)} />
}

function Safety({ summary, close }: { readonly summary: ConversationSummary; close(): void }): ReactNode {
  return <SafetyView {...useSafety(summary, close)} />
}

/** Keeps showing a request that was just answered, until its own answer moves the page on. */
function Request({ router, id }: { readonly router: Router; readonly id: RequestId }): ReactNode {
  const { requests, awaited } = useClientSnapshot()
  const [request, setRequest] = useState<RequestSnapshot>()
  const group = awaited.find((one) => one.id === id)
  const now = requests.find((request) => request.id === id) ?? (request === undefined ? asRequest(group) : undefined)
  if (now && now !== request) setRequest(now)
  return request ? <OpenRequest router={router} request={request} awaited={group} /> : <Gone router={router} />
}

/** What was answered before this page was opened is shown as the request that it was. */
function asRequest(group: AwaitedGroup | undefined): RequestSnapshot | undefined {
  if (group === undefined) return undefined
  const { id, account, name, title, at } = group
  return { id, kind: 'group', account, name, message: '', title, receivedAt: at }
}

interface OpenRequestProps {
  readonly router: Router
  readonly request: RequestSnapshot
  readonly awaited: AwaitedGroup | undefined
}

function OpenRequest({ router, request, awaited }: OpenRequestProps): ReactNode {
  return <RequestView {...useRequest(router, request, awaited)} />
}

function Invite({ router }: { readonly router: Router }): ReactNode {
  return <InviteView {...useInvite(router)} />
}

function Settings({ router }: { readonly router: Router }): ReactNode {
  return <SettingsView {...useSettings(router)} />
}

function NewGroup({ router }: { readonly router: Router }): ReactNode {
  return <NewGroupView {...useNewGroup(router)} />
}

function Join({ router, link }: { readonly router: Router; readonly link: string | undefined }): ReactNode {
  const join = useJoin(router, link)
  return (
    <Pane title={joinStrings.title} onBack={() => router.back()}>
      <JoinView {...join} />
    </Pane>
  )
}

/** What was open is not there any more: declined elsewhere, accepted a moment ago, or an old entry of the history. */
function Gone({ router }: { readonly router: Router }): ReactNode {
  return (
    <Pane title={conversationStrings.landmark} onBack={() => router.back()}>
      <p className="text-muted">{appStrings.gone}</p>
    </Pane>
  )
}
