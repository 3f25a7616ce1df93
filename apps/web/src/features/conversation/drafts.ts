import type { ConversationId } from '@sotto/interface'

/** What was typed and not sent, by conversation. In memory only: nothing unsent is written to disk in the clear. */
const drafts = new Map<ConversationId, string>()

export function draftOf(conversation: ConversationId): string {
  return drafts.get(conversation) ?? ''
}

export function keepDraft(conversation: ConversationId, text: string): void {
  if (text === '') drafts.delete(conversation)
  else drafts.set(conversation, text)
}
