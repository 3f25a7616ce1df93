import type { Router } from '../../app/router.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useClientSnapshot } from '../../client/use-store.ts'
import type { NewGroupProps } from './new-group-view.tsx'
import { contactsIn } from './contacts.ts'

export function useNewGroup(router: Router): NewGroupProps {
  const client = useClientSnapshot()
  const { run, busy, problem } = useIntent('groupCreate')
  const create = async (title: string, members: readonly string[]) => {
    const made = await run({ title, members })
    if (made) router.go({ name: 'conversation', id: made.conversation })
  }
  return {
    snapshot: { people: contactsIn(client), busy, problem },
    actions: { create: (title, accounts) => void create(title, accounts), back: () => router.back() },
  }
}
