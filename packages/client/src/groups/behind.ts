import type { Conversation } from '../conversation/conversation.ts'

/** Others change keys each week: from whom nothing has come for so long, this device is not where they are. */
const NOTHING_MS = 30 * 86_400_000

/**
 * Whether nothing of anybody else has come into a group for long, though all that lies at its relays was read: the others go on under keys to which nothing
 * leads from here any more, since relays keep commits for 90 days only.
 */
export async function isBehind({ id, kind, control, context, state }: Conversation): Promise<boolean> {
  if (kind !== 'group' || control === undefined || control.view.tree.length < 2) return false
  const since = context.clock.now() - NOTHING_MS
  // When it was made is its author's word; when it came is ours.
  const young = [...control.kept.values()].filter(({ thing, madeAt }) => thing.device !== state.self && madeAt > since)
  for (const { thing } of young.toReversed()) {
    const row = await context.store.get('control', [id, thing.id])
    if (row !== undefined && row.receivedAt > since) return false
  }
  return true
}
