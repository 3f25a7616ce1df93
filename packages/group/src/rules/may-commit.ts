import type { DeviceId, EpochId } from '@sotto/interface'
import { atOnce, compareLeaves } from './change.ts'
import type { Leaf } from './thing.ts'
import type { View } from './view.ts'

/** What a device may commit now. */
export interface CommitPlan {
  /** The epoch to commit on: the tip. */
  readonly parent: EpochId
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
}

/**
 * The one change that a device may commit now: the tree becomes what is desired, with the device's own leaf kept as it is, since a commit renews
 * it. Both lists are empty when the tree is as it should be: such a commit renews keys only. Nothing for a device that is not in the tree or not
 * desired.
 */
export function mayCommit(view: View, device: DeviceId): CommitPlan | undefined {
  const isOwn = (leaf: Leaf): boolean => leaf.device === device
  const own = view.tree.find(isOwn)
  if (own === undefined || !view.desired.some(isOwn)) return undefined
  const wanted = view.desired.map((leaf) => (isOwn(leaf) ? own : leaf))
  return {
    parent: view.tip,
    ...atOnce({
      added: wanted.filter((leaf) => !isAmong(view.tree, leaf)).toSorted(compareLeaves),
      removed: view.tree.filter((leaf) => !isAmong(wanted, leaf)).toSorted(compareLeaves),
    }),
  }
}

function isAmong(leaves: readonly Leaf[], leaf: Leaf): boolean {
  return leaves.some((other) => compareLeaves(other, leaf) === 0)
}
