import type { ConversationSnapshot } from '@sotto/client'
import type { AccountId, ConversationId } from '@sotto/interface'
import { useMemo, useRef, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useClient } from '../../client/client-context.ts'
import { sentenceOf } from '../../client/sentence-of.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useNow } from '../../client/use-now.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { strings } from '../../strings.ts'
import type { ConversationProps } from './conversation-view.tsx'
import { draftOf, keepDraft } from './drafts.ts'
import { statusLine } from './status-line.ts'
import { firstUnread, isMessage, timeline } from './timeline.ts'
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

function useComposing(id: ConversationId) {
  const client = useClient()
  const [draft, setDraft] = useState(() => draftOf(id))
  const [problem, setProblem] = useState<string>()
  const change = (text: string) => {
    setDraft(text)
    keepDraft(id, text)
  }
  const send = async () => {
    const text = draft.trim()
    change('')
    setProblem(undefined)
    try {
      await client.do('send', { conversation: id, text, wait: 'queued' })
    } catch (error) {
      // Nothing that was written may get lost: it goes back in front of what was typed since.
      setDraft((since) => {
        const both = since === '' ? text : `${text}\n${since}`
        keepDraft(id, both)
        return both
      })
      setProblem(sentenceOf(error))
    }
  }
  return { snapshot: { draft, problem }, actions: { draft: change, send: () => void send() } }
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
  const [first] = useState(last?.id)
  return last && !last.own && last.id !== first ? `${nameIn(conversation, last.author)}: ${last.text}` : ''
}

function nameIn(conversation: ConversationSnapshot, account: AccountId): string {
  return conversation.members.find((member) => member.account === account)?.name ?? conversation.title
}

function closedBecause(conversation: ConversationSnapshot, retired: boolean): string | undefined {
  if (retired) return strings.retired.composer
  return conversation.phase === 'ended' ? strings.conversation.ended : undefined
}
