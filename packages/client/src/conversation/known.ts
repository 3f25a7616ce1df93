import { lookups, type ConversationState, type Input, type KnownEvent } from '@sotto/core'
import type { Store } from '@sotto/interface'

/** The input with the stored events that core asks for beside it. */
export async function withKnown(store: Store, state: ConversationState, input: Input): Promise<Input> {
  if (input.type !== 'opened' && input.type !== 'served' && input.type !== 'head-record') return input
  const known: KnownEvent[] = []
  for (const { device, seq } of lookups(state, input)) {
    const row = await store.get('events', [state.conversation, device, seq])
    if (row !== undefined) known.push({ device, seq, eventId: row.eventId, lamport: row.lamport })
  }
  return { ...input, known }
}
