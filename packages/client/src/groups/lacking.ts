import { missing } from '@sotto/group'
import type { DeviceId, ThingId } from '@sotto/interface'
import { MAX_LACKING } from '@sotto/wire'
import type { Control } from './control.ts'

/**
 * What things that wait here stand on and nobody has brought, as much as a receipt may ask for: of each device that names such things one, then
 * of each the next, so that who names what there is not keeps nobody else's from being asked for.
 */
export function lackingOf({ log, kept }: Control): readonly ThingId[] {
  const byNamer = new Map<DeviceId, ThingId[]>()
  for (const { id, namedBy } of missing(log)) {
    // What is here and waits for its author to be introduced is not lacking.
    if (kept.has(id)) continue
    const named = byNamer.get(namedBy) ?? []
    if (named.length < MAX_LACKING) byNamer.set(namedBy, [...named, id])
  }
  const inTurn = Array.from({ length: MAX_LACKING }, (_, turn) =>
    [...byNamer.values()].flatMap((ids) => ids[turn] ?? []),
  )
  return inTurn.flat().slice(0, MAX_LACKING)
}
