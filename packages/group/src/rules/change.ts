import type { DeviceId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { MAX_CHANGED_LEAVES } from './limits.ts'
import type { GrantedLeaf } from './node.ts'
import { compareText } from './seniority.ts'
import type { Leaf } from './thing.ts'

/** What a commit does to the tip's tree. */
export interface Change {
  readonly added: readonly GrantedLeaf[]
  readonly removed: readonly GrantedLeaf[]
}

/**
 * The one change that a device may commit on the tip (G4): to what is desired, its own leaf kept as it is, since a commit renews it. None when it
 * is not in the tree or not desired. A leaf that was set aside commits again once its device has a newer grant, as it may be the last that can.
 */
export function changeFor({ tip, membership }: Analysis, device: DeviceId): Change | undefined {
  const own = tip.tree.find((leaf) => leaf.device === device)
  if (own === undefined || !membership.leaves.has(device)) return undefined
  const tree = new Set(tip.tree)
  const wanted = new Set([...membership.leaves.values()].map((leaf) => (leaf.device === device ? own : leaf)))
  return atOnce({
    added: [...wanted].filter((leaf) => !tree.has(leaf)).toSorted(compareLeaves),
    removed: tip.tree.filter((leaf) => !wanted.has(leaf)).toSorted(compareLeaves),
  })
}

/** What fits into one commit, both lists in order. While more go than fit, none come: the tree stays within its bounds. */
export function atOnce<L>({ added, removed }: { readonly added: readonly L[]; readonly removed: readonly L[] }): {
  readonly added: readonly L[]
  readonly removed: readonly L[]
} {
  const isMuch = removed.length > MAX_CHANGED_LEAVES
  return { added: isMuch ? [] : added.slice(0, MAX_CHANGED_LEAVES), removed: removed.slice(0, MAX_CHANGED_LEAVES) }
}

/** Whether a body's lists are exactly this change, in any order. */
export function isChange(
  change: Change,
  body: { readonly added: readonly Leaf[]; readonly removed: readonly Leaf[] },
): boolean {
  return isSame(change.added, body.added) && isSame(change.removed, body.removed)
}

/** The tree after a change. */
export function treeAfter(tree: readonly GrantedLeaf[], { added, removed }: Change): readonly GrantedLeaf[] {
  const gone = new Set(removed)
  return [...tree.filter((leaf) => !gone.has(leaf)), ...added].toSorted(compareLeaves)
}

export function compareLeaves(a: Leaf, b: Leaf): number {
  return compareText(a.device, b.device) || compareText(a.grant, b.grant)
}

function isSame(leaves: readonly Leaf[], others: readonly Leaf[]): boolean {
  const left = new Set(leaves.map(nameOf))
  const right = new Set(others.map(nameOf))
  return right.size === others.length && left.size === right.size && [...left].every((text) => right.has(text))
}

/** One text for each leaf. */
export function nameOf({ device, grant }: Leaf): string {
  return `${device} ${grant}`
}
