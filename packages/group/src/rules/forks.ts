import type { DeviceId } from '@sotto/interface'
import { hasBit } from './bits.ts'
import type { Epoch } from './epoch.ts'
import type { Node } from './node.ts'

/** Devices whose chain is proven to be forked or broken, with the least seq of which that is so (G5). */
export type Forks = ReadonlyMap<DeviceId, number>

/** Whether a thing is void because its author forked its chain at it or before it. What lies in the lock's past stays. */
export function isForked(forks: Forks, node: Node, lock: Epoch): boolean {
  const from = forks.get(node.thing.device)
  if (from === undefined || node.thing.seq < from) return false
  return node !== lock.node && !hasBit(lock.node.past, node.index)
}
