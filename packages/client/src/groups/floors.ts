import type { EpochId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'
import type { Control } from './control.ts'

/** How much higher than its parent's the floor of an epoch may lie: so far a committer's word counts. */
export const MAX_FLOOR_RISE = 16_384

/** As much of a control log as says how the epochs of the path came about. */
export interface Path {
  readonly view: Pick<Control['view'], 'path'>
  commitTo(child: EpochId): Pick<NonNullable<ReturnType<Control['commitTo']>>, 'saidFloor'> | undefined
}

const known = new WeakMap<Path, ReadonlyMap<EpochId, number>>()

/**
 * The lamport number that events composed in an epoch of the path lie above, so that what a newcomer says first stands behind what was said before
 * (`spec/groups-on-the-wire.md` section 4). The same for everybody who has the same control log, whatever committers say. Undefined for an epoch that is not
 * on the path; 0 where there is no control log.
 */
export function floorOf(control: Path | undefined, epochId: EpochId): number | undefined {
  if (control === undefined) return 0
  const floors = known.get(control) ?? floorsOn(control)
  known.set(control, floors)
  return floors.get(epochId)
}

/** The same, for what comes into a conversation. */
export function floorsOf(conversation: Pick<Conversation, 'control'>): (epochId: EpochId) => number | undefined {
  return (epochId) => floorOf(conversation.control, epochId)
}

function floorsOn(control: Path): ReadonlyMap<EpochId, number> {
  const floors = new Map<EpochId, number>()
  let floor = 0
  for (const epochId of control.view.path) {
    const said = control.commitTo(epochId)?.saidFloor ?? 0
    floor = Math.min(Math.max(floor, said), floor + MAX_FLOOR_RISE)
    floors.set(epochId, floor)
  }
  return floors
}
