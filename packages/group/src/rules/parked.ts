import type { DeviceId, ThingId } from '@sotto/interface'
import { MAX_PARKED_THINGS } from './limits.ts'
import type { Thing } from './thing.ts'

/** Things that wait for what they stand on. */
export type Parked = ReadonlyMap<ThingId, Thing>

/**
 * Parks a thing. When there is no room, the device that has most gives up its last, so that nobody crowds out others; what gave way comes again
 * when it is asked for.
 */
export function park(parked: Parked, thing: Thing): Parked {
  const all = new Map(parked).set(thing.id, thing)
  if (all.size <= MAX_PARKED_THINGS) return all
  const counts = new Map<DeviceId, number>()
  for (const { device } of all.values()) counts.set(device, (counts.get(device) ?? 0) + 1)
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a)
  const theirs = [...all.values()].filter(({ device }) => device === most?.[0])
  const [last] = theirs.toSorted((a, b) => b.seq - a.seq)
  if (last !== undefined) all.delete(last.id)
  return all
}
