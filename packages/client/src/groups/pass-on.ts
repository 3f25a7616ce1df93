import type { Leaf } from '@sotto/group'
import type { Change } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import { outboxRow } from '../conversation/outbox-row.ts'
import type { Control } from './control.ts'
import { innerOf } from './say.ts'

/** More than a device says between two commits. */
const NEWEST = 16

/**
 * Queues the newest things of those who go out: they pass them on no more themselves, and what follows rests on them. Whoever has them
 * knows them by their id.
 */
export function passOn(conversation: Conversation, control: Control, removed: readonly Leaf[]): Change[] {
  const gone = new Set(removed.map(({ device }) => device))
  const { id, generation, context } = conversation
  const createdAt = context.clock.now()
  return [...gone].flatMap((device) =>
    [...control.kept.values()]
      .filter(({ thing }) => thing.device === device)
      .toSorted((a, b) => a.thing.seq - b.thing.seq)
      .slice(-NEWEST)
      .map((kept): Change => {
        const inner = innerOf(kept)
        return {
          put: 'outbox',
          row: outboxRow({ conversation: id, kind: 'control', inner, generation: generation.id, createdAt }),
        }
      }),
  )
}
