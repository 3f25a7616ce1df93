import type { EpochId, ThingId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { Kept } from './control.ts'

/** How much higher than its parent's the floor of an epoch may lie: so far a committer's word counts. */
export const MAX_FLOOR_RISE = 16_384

/** As much of a control log as says how epochs came about. */
interface Placed {
  readonly placed: readonly Pick<Kept, 'thing' | 'floor'>[]
}

/** How an epoch came about, as a thing says. */
interface Origin {
  readonly id: ThingId
  /** Undefined of an epoch that a conversation began with. */
  readonly parent: EpochId | undefined
  readonly said: number
}

const known = new WeakMap<Placed, (epochId: EpochId) => number | undefined>()

/**
 * The lamport number that events composed in an epoch lie above, so that what a newcomer says first stands behind what was said before
 * (`spec/groups-on-the-wire.md` section 4). The same for everybody who has the things that lead to it, whatever their committers say. Undefined for an epoch
 * that no thing leads to; 0 where there is no control log.
 */
export function floorOf(control: Placed | undefined, epochId: EpochId): number | undefined {
  if (control === undefined) return 0
  const floors = known.get(control) ?? floorsIn(control)
  known.set(control, floors)
  return floors(epochId)
}

/** The same as {@link floorOf}, for what comes into a conversation. */
export function floorsOf(conversation: Pick<Conversation, 'control'>): (epochId: EpochId) => number | undefined {
  return (epochId) => floorOf(conversation.control, epochId)
}

function floorsIn(control: Placed): (epochId: EpochId) => number | undefined {
  const origins = originsIn(control)
  const floors = new Map<EpochId, number>()
  return (epochId) => {
    const way: EpochId[] = []
    const met = new Set<EpochId>()
    let at: EpochId | undefined = epochId
    // Whatever names itself as its own past leads nowhere.
    while (at !== undefined && !floors.has(at) && origins.has(at) && !met.has(at)) {
      way.push(at)
      met.add(at)
      at = origins.get(at)?.parent
    }
    if (way.length === 0) return floors.get(epochId)
    let floor = at === undefined ? 0 : (floors.get(at) ?? 0)
    for (const epoch of way.toReversed()) {
      floor = Math.min(Math.max(floor, origins.get(epoch)?.said ?? 0), floor + MAX_FLOOR_RISE)
      floors.set(epoch, floor)
    }
    return floor
  }
}

/** Of two things that lead to one epoch, the one with the lower id says how. */
function originsIn(control: Placed): ReadonlyMap<EpochId, Origin> {
  const origins = new Map<EpochId, Origin>()
  for (const { thing, floor } of control.placed) {
    const { id, body, epoch } = thing
    if (body.kind !== 'create' && body.kind !== 'commit') continue
    const before = origins.get(body.child)
    if (before !== undefined && before.id < id) continue
    origins.set(body.child, { id, parent: body.kind === 'create' ? undefined : epoch, said: floor })
  }
  return origins
}
