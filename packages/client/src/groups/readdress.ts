import type { Change, EpochId, ThingId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { OutboxRow } from '../conversation/outbox-row.ts'
import type { Control } from './control.ts'

/**
 * Own control things that the commit to the tip did not know are not in its Welcomes, and those who came in cannot read what was put under
 * earlier keys: they go out again under the new ones, an own commit beside the path among them. The commit to the tip does not rest on them, so everybody can
 * follow it first.
 */
export async function readdress(conversation: Conversation): Promise<void> {
  const { id, control, tip, generation, context } = conversation
  if (control === undefined) return
  const rows = await context.store.list('outbox', { prefix: [id] })
  const isOwnThing = ({ kind, lastSeq }: OutboxRow): boolean => ['control', 'commit'].includes(kind) && lastSeq > 0
  const older = rows.filter((row) => isOwnThing(row) && row.generation !== generation.id)
  if (older.length === 0) return
  const known = pastOfCommit(control, tip.epochId)
  const changes = older.flatMap((row): Change[] => {
    const thing = [...control.kept.values()].find(
      (kept) => kept.thing.device === context.profile().device && kept.thing.seq === row.lastSeq,
    )
    if (thing === undefined || known.has(thing.thing.id)) return []
    return [{ put: 'outbox', row: { ...row, generation: generation.id, deposits: '[]' } }]
  })
  if (changes.length === 0) return
  await context.store.commit(changes)
  conversation.outlet.wake(conversation)
}

function pastOfCommit(control: Control, child: EpochId): ReadonlySet<ThingId> {
  const commit = control.commitTo(child)
  return commit === undefined ? new Set() : control.pastOf(commit.thing.id)
}
