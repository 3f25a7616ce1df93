import type { ConnectionKind } from '@sotto/client'
import type { ReactNode } from 'react'
import { Composer } from './composer.tsx'
import type { ComposerActions, ComposerSnapshot } from './composer.tsx'
import { ConversationHeader } from './conversation-header.tsx'
import { conversationStrings } from './conversation-strings.ts'
import { MessageList } from './message-list.tsx'
import type { TimelineItem } from './timeline.ts'

export interface ConversationViewSnapshot {
  readonly title: string
  readonly isGroup: boolean
  readonly seed: string
  readonly verified: boolean
  readonly canBlock: boolean
  /** None where nothing is sent any more. */
  readonly connection: ConnectionKind | undefined
  readonly status: string
  /** A line above the messages: the request is not accepted yet, or the conversation is over. */
  readonly notice: string | undefined
  readonly items: readonly TimelineItem[]
  /** Key of the message that was the first unread one when it was opened. */
  readonly firstNew: string | undefined
  readonly unread: number
  /** Said by screen readers when it changes. */
  readonly heard: string
  readonly hasOlder: boolean
  readonly composer: ComposerSnapshot
}

export interface ConversationActions extends ComposerActions {
  back(): void
  safety(): void
  details(): void
  block(): void
  older(): void
  /** The newest message has come into sight, or is not in sight any more. */
  end(isAtEnd: boolean): void
}

export interface ConversationProps {
  readonly snapshot: ConversationViewSnapshot
  readonly actions: ConversationActions
}

export function ConversationView({ snapshot, actions }: ConversationProps): ReactNode {
  return (
    <section aria-label={conversationStrings.landmark} className="flex h-full min-w-0 flex-col">
      <ConversationHeader snapshot={snapshot} actions={actions} />
      {snapshot.notice && (
        <p className="border-b border-line bg-warn-soft px-4 py-2 text-center text-sm text-warn-ink">
          {snapshot.notice}
        </p>
      )}
      <MessageList
        label={conversationStrings.log(snapshot.title)}
        items={snapshot.items}
        firstNew={snapshot.firstNew}
        unread={snapshot.unread}
        hasOlder={snapshot.hasOlder}
        empty={snapshot.isGroup ? conversationStrings.group.hello : conversationStrings.hello(snapshot.title)}
        onOlder={actions.older}
        onEnd={actions.end}
      />
      <p aria-live="polite" className="sr-only">
        {snapshot.heard}
      </p>
      <Composer snapshot={snapshot.composer} actions={actions} />
    </section>
  )
}
