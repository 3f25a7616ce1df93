import type { ClientSnapshot, ConversationSnapshot, SelfSnapshot } from '@sotto/client'
import type { AccountId, ConversationId } from '@sotto/interface'
import { useMemo, useRef, useState } from 'react'
import type { Router } from '../../app/router.ts'
import { useClient } from '../../client/client-context.ts'
import { shownConnection } from '../../client/shown-connection.ts'
import { useIntent } from '../../client/use-intent.ts'
import { useNow } from '../../client/use-now.ts'
import { useClientSnapshot, useStore } from '../../client/use-store.ts'
import { conversationStrings } from './conversation-strings.ts'
import type { ConversationProps } from './conversation-view.tsx'
import { lineStrings } from './line-strings.ts'
import { noticeLine } from './notice-line.ts'
import { statusLine } from './status-line.ts'
import { firstUnread, isMessage, timeline } from './timeline.ts'
import { useComposing } from './use-composing.ts'
import { useReading } from './use-reading.ts'

export interface ConversationWays {
  /** Opens the safety number of the other person. */
  safety(): void
  /** Opens who is in the group. */
  details(): void
}

export function useConversation(router: Router, id: ConversationId, ways: ConversationWays): ConversationProps {
  const client = useClient()
  const snapshot = useClientSnapshot()
  const { account: self } = snapshot.self
  const conversation = useStore(useMemo(() => client.conversation(id), [client, id]))
  const now = useNow()
  const firstNew = useFirstNew(conversation)
  const composing = useComposing(id)
  const block = useIntent('block')
  const loading = useRef(false)
  // Not before it is known where one begins to read.
  const [isAtEnd, setAtEnd] = useState(false)
  useReading(conversation, isAtEnd)

  const isGroup = conversation.kind === 'group'
  const items = useMemo(
    () =>
      timeline(conversation.rows, {
        now,
        firstNew,
        isGroup,
        isSelf: (account) => account === self,
        nameOf: (account) => nameIn(conversation, snapshot, account),
      }),
    [conversation, snapshot, self, isGroup, firstNew, now],
  )
  return {
    snapshot: {
      title: conversation.title,
      isGroup,
      seed: conversation.peer ?? conversation.conversation,
      verified: conversation.verified,
      canBlock: !isGroup && conversation.phase !== 'ended',
      connection: shownConnection(conversation),
      status: statusLine(conversation),
      // Where nothing can be written, nothing waits for anything.
      notice: snapshot.self.retired ? undefined : noticeLine(conversation, self),
      items,
      firstNew,
      unread: conversation.unread,
      heard: useHeard(conversation, snapshot),
      hasOlder: conversation.hasOlder,
      composer: {
        title: conversation.title,
        ...composing.snapshot,
        closed: closedBecause(conversation, snapshot.self),
      },
    },
    actions: {
      back: () => router.back(),
      ...ways,
      end: setAtEnd,
      block: () => void (conversation.peer && block.run({ account: conversation.peer })),
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
function useHeard(conversation: ConversationSnapshot, client: ClientSnapshot): string {
  const last = conversation.rows.filter(isMessage).at(-1)
  const [first, setFirst] = useState(last?.id)
  // The rows come after the conversation was opened: those have not just come.
  if (first === undefined && last !== undefined) setFirst(last.id)
  const isNew = first !== undefined && last !== undefined && last.id !== first
  return isNew && !last.own ? `${nameIn(conversation, client, last.author)}: ${last.text}` : ''
}

/** A person's name here: as a member, else as a contact; somebody who left and is neither has none. */
function nameIn(conversation: ConversationSnapshot, client: ClientSnapshot, account: AccountId): string {
  const member = conversation.members.find((one) => one.account === account)
  if (member) return member.name
  const former = conversation.former.find((one) => one.account === account)
  if (former) return former.name
  if (conversation.kind === 'pair') return conversation.title
  return client.conversations.find((one) => one.peer === account)?.title ?? lineStrings.somebody
}

function closedBecause({ kind, phase }: ConversationSnapshot, self: SelfSnapshot): string | undefined {
  if (self.retired) return self.revoked === true ? conversationStrings.revoked : conversationStrings.retired
  if (kind === 'group' && phase === 'requested') return conversationStrings.phases.joining
  if (phase !== 'ended') return undefined
  return kind === 'group' ? conversationStrings.group.ended : conversationStrings.ended
}
