import type { DeviceId, EpochId } from '@sotto/interface'
import { atOnce, compareLeaves, nameOf } from './change.ts'
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
  const [there, next] = [new Set(view.tree.map(nameOf)), new Set(wanted.map(nameOf))]
  return {
    parent: view.tip,
    ...atOnce({
      added: wanted.filter((leaf) => !there.has(nameOf(leaf))).toSorted(compareLeaves),
      removed: view.tree.filter((leaf) => !next.has(nameOf(leaf))).toSorted(compareLeaves),
    }),
  }
}
