import type { ConversationId, InvitationId } from '@sotto/interface'

/** Whoever has said yes, or asks to be let in again, waits this long to be committed. */
export const KEY_PACKAGE_DAYS = 90

/** Under what name the key packages for a group are kept. */
export function keyPackagesOf(conversation: ConversationId): InvitationId {
  return conversation.slice(0, 32) as InvitationId
}
