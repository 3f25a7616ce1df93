import type { Fact, NoticeName } from '@sotto/client'
import { useEffect, useRef, useState } from 'react'
import type { Router, Route } from '../../app/router.ts'
import { useClient } from '../../client/client-context.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { noticeStrings } from './notice-strings.ts'
import type { Notice, NoticesProps } from './notices-view.tsx'

interface Entry extends Notice {
  readonly to: Route | undefined
}

/** Turns facts into notices: what the client wants said, and requests that come in while something else is on show. */
export function useNotices(router: Router): NoticesProps {
  const client = useClient()
  const { requests } = useClientSnapshot()
  const route = useStore(router.route)
  const [entries, setEntries] = useState<readonly Entry[]>([])
  const next = useRef(0)

  useEffect(
    () =>
      client.subscribe((fact) => {
        const told = noticeOf(fact)
        if (!told) return
        const entry = { id: next.current++, ...told }
        // The same sentence twice is one notice.
        setEntries((now) => [...now.filter((one) => one.text !== entry.text), entry].slice(-3))
      }),
    [client],
  )

  const waits = (to: Route) => to.name === 'request' && requests.some((request) => request.id === to.id)
  const dismiss = (id: number) => setEntries((now) => now.filter((one) => one.id !== id))
  return {
    snapshot: entries.filter(({ to }) => to === undefined || (waits(to) && !isOnShow(to, route))),
    actions: {
      dismiss,
      act(id) {
        const to = entries.find((one) => one.id === id)?.to
        dismiss(id)
        if (to) router.go(to)
      },
    },
  }
}

/** The invitation's own pane names who answers it: a notice above it would say the same, and hide it on a phone. */
function isOnShow(to: Route, route: Route): boolean {
  return route.name === 'invite' || (route.name === to.name && 'id' in route && 'id' in to && route.id === to.id)
}

/** What the page shows nowhere else. All others can be read later, too: in the list, the banner or the conversation. */
const ONLY_HERE: ReadonlySet<NoticeName> = new Set<NoticeName>([
  'storage-full',
  'conversation-damaged',
  'identity-changed',
  'keys-unusable',
  'out-while-away',
])

function noticeOf(fact: Fact): Omit<Entry, 'id'> | undefined {
  if (fact.type === 'request') {
    const { id, name, title } = fact.request
    const text = title === undefined ? noticeStrings.request(name) : noticeStrings.invitation(name, title)
    return { text, action: noticeStrings.view, stays: false, to: { name: 'request', id } }
  }
  // Refusals are counted for whoever looks for them; a person can do nothing about them.
  if (fact.type === 'notice' && fact.name !== 'refused')
    return { text: fact.text, action: undefined, stays: ONLY_HERE.has(fact.name), to: undefined }
  return undefined
}
