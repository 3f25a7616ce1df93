import type { ConversationId } from '@sotto/interface'
import { fromString } from 'uint8arrays'
import type { Context } from '../context.ts'
import type { Conversation } from '../conversation/conversation.ts'

/**
 * A device that was set up from the recovery words says so to everybody whom it meets, once in each 1:1, with what the account key has said of
 * it: a contact from before brings it back into what both are in.
 */
export async function tellRestored({
  context,
  conversations,
}: {
  readonly context: Context
  conversations(): ReadonlyMap<ConversationId, Conversation>
}): Promise<void> {
  const { recovery } = context.profile()
  if (recovery === undefined) return
  for (const pair of conversations().values()) {
    if (pair.kind !== 'pair' || pair.row.phase !== 'active') continue
    const key = `restored told ${pair.id}`
    if ((await context.store.get('meta', [key])) !== undefined) continue
    const told = { put: 'meta', row: { key, value: fromString(String(context.clock.now())) } } as const
    await pair.lane.run(() => pair.compose('device.restored', recovery, [told]))
  }
}
