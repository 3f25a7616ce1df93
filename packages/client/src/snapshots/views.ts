import { visibleGaps } from '@sotto/core'
import type { ConversationId, ReadonlyStore } from '@sotto/interface'
import type { Messenger } from '../client.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { linesOf, withLines } from '../groups/lines.ts'
import { messageOf, newestMessages } from '../conversation/rows.ts'
import { Observable } from '../observable.ts'
import type { ConversationSnapshot, ConversationSummary } from './conversation-snapshots.ts'
import type { GapSnapshot, MessageSnapshot, RowSnapshot } from './row-snapshots.ts'
import { summaryOf } from './summary.ts'

const PAGE = 200

interface View {
  readonly conversation: Conversation
  readonly store: Observable<ConversationSnapshot>
  count: number
}

/** The snapshots of open conversations, each while somebody looks at it. */
export class ConversationViews {
  readonly #messenger: Messenger
  readonly #views = new Map<ConversationId, View>()

  constructor(messenger: Messenger) {
    this.#messenger = messenger
  }

  /** The rows follow the first refresh; until then the view is empty. */
  open(conversation: Conversation): ReadonlyStore<ConversationSnapshot> {
    const known = this.#views.get(conversation.id)
    if (known !== undefined) return known.store
    const store = new Observable<ConversationSnapshot>(emptyView(this.#messenger, conversation), () => {
      this.#views.delete(conversation.id)
    })
    this.#views.set(conversation.id, { conversation, store, count: PAGE })
    this.#messenger.context.changed()
    return store
  }

  older(conversation: ConversationId): void {
    const view = this.#views.get(conversation)
    if (view !== undefined) view.count += PAGE
    this.#messenger.context.changed()
  }

  async refresh(): Promise<void> {
    for (const view of this.#views.values()) {
      view.store.set(await conversationSnapshot(this.#messenger, view.conversation, view.count))
    }
  }
}

function emptyView(messenger: Messenger, conversation: Conversation): ConversationSnapshot {
  const summary = messenger.snapshot.get().conversations.find((entry) => entry.conversation === conversation.id)
  const { row, kind, title, verified, unread, ownRole: role, invited } = conversation
  const now = row.createdAt
  const blank = {
    kind: kind === 'group' ? 'group' : 'pair',
    title,
    role,
    invited,
    rekeying: false,
    verified,
    unread,
    members: [],
    connection: 'none',
    phase: 'requested',
    updatedAt: now,
  } as const
  return { ...blank, ...summary, conversation: conversation.id, rows: [], hasOlder: false, former: [] }
}

async function conversationSnapshot(
  messenger: Messenger,
  conversation: Conversation,
  count: number,
): Promise<ConversationSnapshot> {
  const summary = await summaryOf(messenger, conversation)
  return {
    ...summary,
    ...(await rowsOf(conversation, count)),
    former: formerOf(conversation, summary),
  }
}

/** Who was in the conversation, and is not: their words and what they did still stand there. */
export function formerOf(
  conversation: Conversation,
  { members }: Pick<ConversationSummary, 'members'>,
): ConversationSnapshot['former'] {
  const isIn = new Set(members.map(({ account }) => account))
  return [...(conversation.control?.people ?? [])]
    .filter((account) => !isIn.has(account))
    .map((account) => ({ account, name: conversation.nameOf(account) }))
}

/** The newest messages, and between them what people did to the conversation. */
export async function rowsOf(
  conversation: Conversation,
  count: number,
): Promise<{ rows: readonly RowSnapshot[]; hasOlder: boolean }> {
  const { rows, hasOlder } = await messageRows(conversation, count)
  const { control } = conversation
  return { rows: control === undefined ? rows : withLines(rows, linesOf(control), { hasOlder }), hasOlder }
}

/** The newest messages in display order, with a row where some are known to be missing. */
export async function messageRows(
  conversation: Conversation,
  count: number,
): Promise<{ rows: (MessageSnapshot | GapSnapshot)[]; hasOlder: boolean }> {
  const { store } = conversation.context
  const { rows: events, hasOlder } = await newestMessages(store, conversation.id, count)
  const gaps = visibleGaps(conversation.state)
  const rows: (MessageSnapshot | GapSnapshot)[] = []
  for (const event of events) {
    for (const gap of gaps) {
      if (gap.before?.eventId === event.eventId) rows.push({ missing: gap.to - gap.from + 1, author: gap.account })
    }
    rows.push(messageOf(conversation, event))
  }
  const tails = gaps.filter((gap) => gap.before === undefined)
  return { rows: [...rows, ...tails.map((gap) => ({ missing: gap.to - gap.from + 1, author: gap.account }))], hasOlder }
}
