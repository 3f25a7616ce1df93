import type { Conversation } from '../conversation/conversation.ts'

/** What a device that is out has sealed may come for so long (section 11 of spec/group.md); whoever is in says when all of it is here. */
const LATE_MS = 30 * 86_400_000

/** Whether somebody has gone out so lately that what it sealed before may still come, and is to be opened then. */
export async function hasLateVoice({ id, control, context }: Conversation): Promise<boolean> {
  if (control === undefined) return false
  const { path, tree } = control.view
  const there = new Set(tree.map(({ device }) => device))
  for (const epochId of path.toReversed()) {
    const thing = control.commitTo(epochId)?.thing
    const hasGone = thing?.body.kind === 'commit' && thing.body.removed.some(({ device }) => !there.has(device))
    if (thing === undefined || !hasGone) continue
    const row = await context.store.get('control', [id, thing.id])
    return row !== undefined && context.clock.now() - row.receivedAt < LATE_MS
  }
  return false
}
