import type { ConversationSnapshot } from '@sotto/client'
import type { AccountId, ConversationId } from '@sotto/interface'
import { useMemo, useRef, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useClient } from '../../client/client-context.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useNow } from '../../client/use-now.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { strings } from '../../strings.ts'
import type { ConversationProps } from './conversation-view.tsx'
import { statusLine } from './status-line.ts'
import { firstUnread, isMessage, timeline } from './timeline.ts'
import { useComposing } from './use-composing.ts'
import { useReading } from './use-reading.ts'

export function useConversation(router: Router, id: ConversationId, safety: () => void): ConversationProps {
  const client = useClient()
  const { retired } = useClientSnapshot().self
  const conversation = useStore(useMemo(() => client.conversation(id), [client, id]))
  const now = useNow()
  const firstNew = useFirstNew(conversation)
  const composing = useComposing(id)
  const block = useIntent('block')
  const loading = useRef(false)
  useReading(conversation)

  const items = useMemo(
    () => timeline(conversation.rows, { now, nameOf: (account) => nameIn(conversation, account), firstNew }),
    [conversation, firstNew, now],
  )
  return {
    snapshot: {
      title: conversation.title,
      seed: conversation.peer,
      verified: conversation.verified,
      canBlock: conversation.phase !== 'ended',
      connection: conversation.connection,
      status: statusLine(conversation),
      notice: conversation.phase === 'requested' ? strings.conversation.requested(conversation.title) : undefined,
      items,
      heard: useHeard(conversation),
      hasOlder: conversation.hasOlder,
      composer: { title: conversation.title, ...composing.snapshot, closed: closedBecause(conversation, retired) },
    },
    actions: {
      back: () => router.back(),
      safety,
      block: () => void block.run({ account: conversation.peer }),
      older() {
        if (loading.current) return
        loading.current = true
        const done = () => (loading.current = false)
        client.do('older', { conversation: id }).then(done, done)
      },
      ...composing.actions,
    },
  }
}

/** Where the unread messages began when the conversation was opened; it stays until it is left. */
function useFirstNew(conversation: ConversationSnapshot): string | undefined {
  const [unread] = useState(conversation.unread)
  const [found, setFound] = useState<string>()
  // The rows may come after the conversation was opened.
  const first = found ?? firstUnread(conversation.rows, unread)
  if (first !== found) setFound(first)
  return first
}

/** The newest message of someone else that came while the conversation was open. */
function useHeard(conversation: ConversationSnapshot): string {
  const last = conversation.rows.filter(isMessage).at(-1)
  const [first, setFirst] = useState(last?.id)
  // The rows come after the conversation was opened: those have not just come.
  if (first === undefined && last !== undefined) setFirst(last.id)
  const isNew = first !== undefined && last !== undefined && last.id !== first
  return isNew && !last.own ? `${nameIn(conversation, last.author)}: ${last.text}` : ''
}

function nameIn(conversation: ConversationSnapshot, account: AccountId): string {
  return conversation.members.find((member) => member.account === account)?.name ?? conversation.title
}

function closedBecause(conversation: ConversationSnapshot, retired: boolean): string | undefined {
  if (retired) return strings.retired.composer
  return conversation.phase === 'ended' ? strings.conversation.ended : undefined
}
