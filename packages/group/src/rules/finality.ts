import type { DeviceId } from '@sotto/interface'
import { isFrom, meetingDepth, type Epoch } from './epoch.ts'
import type { Facts } from './facts.ts'

/**
 * The deepest epoch from `tip` up to `floor` that all have agreed to: of each leaf's device, the latest thing and the latest ack or commit name it
 * or a descendant, and the device is not proven to have forked (G6). `floor` if there is none.
 */
export function agreedIn(facts: Facts, tip: Epoch, floor: Epoch): Epoch {
  const { latest, entered, forks } = facts
  return deepestFor(tip, floor, (device) => {
    const [last, held] = [latest.get(device), entered.get(device)]
    if (last === undefined || held === undefined || forks.has(device) || !last.isTrue) return -1
    return Math.min(meetingDepth(last.tip, tip), meetingDepth(held.tip, tip))
  })
}

/** The deepest epoch from `agreed` up that every leaf's device is known to have seen agreed: the past of its latest thing shows it. */
export function finalIn({ latest }: Facts, agreed: Epoch, first: Epoch): Epoch {
  return deepestFor(agreed, first, (device) => {
    const last = latest.get(device)
    return last === undefined ? -1 : meetingDepth(last.agreed, agreed)
  })
}

/** Of the epochs between, the deepest that lies no deeper than `depthOf` each of its devices. */
function deepestFor(from: Epoch, floor: Epoch, depthOf: (device: DeviceId) => number): Epoch {
  const depths = new Map<DeviceId, number>()
  const reaches = (device: DeviceId, epoch: Epoch): boolean => {
    const depth = depths.get(device) ?? depthOf(device)
    depths.set(device, depth)
    return depth >= epoch.depth
  }
  let behind: DeviceId | undefined
  for (let at: Epoch | undefined = from; at !== undefined && at !== floor; at = at.parent) {
    const epoch: Epoch = at
    // Whoever held up the child mostly holds up the parent too.
    const held: DeviceId | undefined = behind
    const still = held !== undefined && epoch.tree.some(({ device }) => device === held) && !reaches(held, epoch)
    if (still) continue
    behind = epoch.tree.find(({ device }) => !reaches(device, epoch))?.device
    if (behind === undefined) return epoch
  }
  return floor
}

/** Whether a device names `epoch` or a descendant, by its latest thing and by its latest ack or commit: what `agreedIn` asks for. */
export function hasNamed({ latest, entered }: Facts, device: DeviceId, epoch: Epoch): boolean {
  const [last, held] = [latest.get(device), entered.get(device)]
  return last !== undefined && held !== undefined && last.isTrue && isFrom(last.tip, epoch) && isFrom(held.tip, epoch)
}

/** Whether the past of a device's latest thing shows that `epoch` or a descendant is agreed: what `finalIn` asks for. */
export function hasShown({ latest }: Facts, device: DeviceId, epoch: Epoch): boolean {
  const last = latest.get(device)
  return last !== undefined && isFrom(last.agreed, epoch)
}
