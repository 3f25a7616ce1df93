import type { Router } from '../../app/router.ts'
import { useNow } from '../../client/use-now.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { listSnapshot } from './list-model.ts'
import type { ListProps } from './list-view.tsx'

/** What the list's menu opens over the page. */
export type Opened = 'recovery' | 'connection'

export function useList(router: Router, canRecover: boolean, show: (dialog: Opened) => void): ListProps {
  const client = useClientSnapshot()
  const route = useStore(router.route)
  const now = useNow()
  const current = 'id' in route ? route.id : undefined
  return {
    snapshot: { ...listSnapshot(client, current, now), canRecover },
    actions: {
      open(id) {
        const found = client.conversations.find((one) => one.conversation === id)
        if (found) router.go({ name: 'conversation', id: found.conversation })
      },
      openRequest(id) {
        const found = [...client.requests, ...client.awaited].find((one) => one.id === id)
        if (found) router.go({ name: 'request', id: found.id })
      },
      invite: () => router.go({ name: 'invite' }),
      group: () => router.go({ name: 'newGroup' }),
      join: () => router.go({ name: 'join' }),
      settings: () => router.go({ name: 'settings' }),
      recovery: () => show('recovery'),
      connection: () => show('connection'),
    },
  }
}
