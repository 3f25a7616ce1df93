import type { ConversationId } from '@sotto/interface'
import type { PageClient } from '../../client/client-context.ts'

/** So long after the last key a draft is kept in the store; until then it is in this page's memory. Milliseconds. */
const REST = 400

/** What was typed and not sent, by conversation. Kept by the client, sealed as messages are. */
export interface Drafts {
  /** Undefined until the kept ones have been read. */
  of(conversation: ConversationId): string | undefined
  read(): Promise<void>
  keep(conversation: ConversationId, text: string): void
  /** It is being sent: the client drops it together with the sending, so that it is never in neither place. */
  sending(conversation: ConversationId): void
}

const known = new WeakMap<PageClient, Drafts>()

export function draftsOf(client: PageClient): Drafts {
  const drafts = known.get(client) ?? createDrafts(client)
  known.set(client, drafts)
  return drafts
}

function createDrafts(client: PageClient): Drafts {
  const texts = new Map<ConversationId, string>()
  const due = new Map<ConversationId, ReturnType<typeof setTimeout>>()
  let reading: Promise<void> | undefined

  async function load(): Promise<void> {
    // Without them a person types again; that is no reason to trouble anybody.
    const { rows } = await client.do('drafts', {}).catch(() => ({ rows: [] }))
    for (const { conversation, text } of rows) if (!texts.has(conversation)) texts.set(conversation, text)
  }

  function write(conversation: ConversationId): void {
    clearTimeout(due.get(conversation))
    if (!due.delete(conversation)) return
    client.do('keepDraft', { conversation, text: texts.get(conversation) ?? '' }).catch(() => undefined)
  }

  addEventListener('pagehide', () => {
    for (const conversation of due.keys()) write(conversation)
  })

  return {
    of: (conversation) => texts.get(conversation),
    read: () => (reading ??= load()),
    keep(conversation, text) {
      texts.set(conversation, text)
      clearTimeout(due.get(conversation))
      due.set(
        conversation,
        setTimeout(() => write(conversation), REST),
      )
    },
    sending(conversation) {
      write(conversation)
      texts.set(conversation, '')
    },
  }
}
