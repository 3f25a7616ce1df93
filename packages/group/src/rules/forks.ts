import type { DeviceId } from '@sotto/interface'
import type { Node } from './node.ts'

/** Devices whose chain is proven to be forked or broken, with the least seq of which that is so (G5). */
export type Forks = ReadonlyMap<DeviceId, number>

/** Whether a thing is void because its author forked its chain at it or before it. What lies in the lock's past is not asked about. */
export function isForked(forks: Forks, { thing }: Node): boolean {
  const from = forks.get(thing.device)
  return from !== undefined && thing.seq >= from
}
