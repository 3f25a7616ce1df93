import { hasBit, type Bits } from './bits.ts'
import { ancestorAt, isFrom, type Epoch } from './epoch.ts'
import { isForked, type Forks } from './forks.ts'
import type { Membership } from './membership.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { isCommitBound } from './removals.ts'
import { compareAge, compareRank, compareText } from './seniority.ts'
import { isMajority } from './voters.ts'

/**
 * Order of siblings (G4), lowest first: those that remove somebody, then the committer's rank, the age of its device, its seq, the id. Total;
 * everything but the id is out of the committer's hands.
 */
export function compareSiblings(a: Epoch, b: Epoch): number {
  const [left, right] = [a.node, b.node]
  return (
    Number(a.removed.length === 0) - Number(b.removed.length === 0) ||
    compareRank(left.author.rank, right.author.rank) ||
    compareAge(left.author.age, right.author.age) ||
    left.thing.seq - right.thing.seq ||
    compareText(left.id, right.id)
  )
}

/** The better of two epochs: a descendant before its ancestor, otherwise as their paths first differ. */
export function betterPath(a: Epoch, b: Epoch): Epoch {
  if (isFrom(a, b)) return a
  if (isFrom(b, a)) return b
  const depth = divergence(a, b)
  return compareSiblings(ancestorAt(a, depth), ancestorAt(b, depth)) < 0 ? a : b
}

/** The depth of the first epochs that differ. */
function divergence(a: Epoch, b: Epoch): number {
  let [low, high] = [1, Math.min(a.depth, b.depth)]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ancestorAt(a, middle) === ancestorAt(b, middle)) low = middle + 1
    else high = middle
  }
  return low
}

/** What decides which commits count. */
export interface Judgement {
  readonly lock: Epoch
  readonly forks: Forks
  readonly membership: Membership
}

/**
 * The tip: from the lock down, each time the lowest child that is in `set`, not void and alive. Alive is an epoch in whose tree a device is wanted,
 * or that has such a child: on any other nobody could commit any more, though nobody that it holds is wanted.
 */
export function tipOf(judgement: Judgement, set: Bits, childrenOf: (epoch: Epoch) => readonly Epoch[]): Epoch {
  const { lock, membership } = judgement
  const desired = new Set(membership.leaves.values())
  const complaints = complaintsOf(membership)
  const standing = (epoch: Epoch): Epoch[] =>
    childrenOf(epoch)
      .filter((child) => hasBit(set, child.node.index))
      .filter((child) => !isVoid(child, judgement, desired, complaints.get(child) ?? []))
      .toSorted(compareSiblings)
  return (
    lowest(lock, standing, ({ tree }) => tree.some(({ device }) => membership.leaves.has(device))) ??
    deepest(lock, standing)
  )
}

/** Down the lowest children to where no child is alive, if that epoch is. */
function lowest(
  lock: Epoch,
  standing: (epoch: Epoch) => Epoch[],
  isLive: (epoch: Epoch) => boolean,
): Epoch | undefined {
  const path = [{ epoch: lock, children: standing(lock), next: 0 }]
  for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
    const child = at.children[at.next++]
    if (child !== undefined) path.push({ epoch: child, children: standing(child), next: 0 })
    else if (isLive(at.epoch)) return at.epoch
    else path.pop()
  }
  return undefined
}

/** Down the lowest children, where none is alive: everybody whom the lock holds is out. */
function deepest(lock: Epoch, standing: (epoch: Epoch) => Epoch[]): Epoch {
  let tip = lock
  for (let [next] = standing(tip); next !== undefined; [next] = standing(tip)) tip = next
  return tip
}

function complaintsOf({ nodes }: Membership): Map<Epoch, Node[]> {
  const complaints = new Map<Epoch, Node[]>()
  for (const node of nodes)
    if (node.body.kind === 'stuck' && node.about !== undefined)
      complaints.set(node.about, [...(complaints.get(node.about) ?? []), node])
  return complaints
}

/** Whether a commit counts for nothing (G4): forked, by somebody who was removed, against a leaf that is desired now, or not to be entered. */
function isVoid(
  epoch: Epoch,
  judgement: Judgement,
  desired: ReadonlySet<GrantedLeaf>,
  stuck: readonly Node[],
): boolean {
  const { forks, membership } = judgement
  const { node } = epoch
  const own = epoch.parent?.tree.find(({ device }) => device === node.thing.device)
  return (
    isForked(forks, node) ||
    isClosed(epoch, membership, stuck) ||
    epoch.removed.some((leaf) => desired.has(leaf)) ||
    isCommitBound(membership.removals, node, own)
  )
}

/** Whether those who cannot enter it are enough: anyone once the committer is out, a senior of it, or most of its tree. */
function isClosed(epoch: Epoch, { leaves }: Membership, stuck: readonly Node[]): boolean {
  if (stuck.length === 0) return false
  const { author, thing } = epoch.node
  if (!leaves.has(thing.device)) return true
  const isSenior = (complaint: Node): boolean =>
    compareRank(complaint.author.rank, author.rank) < 0 ||
    (complaint.thing.account === thing.account && compareAge(complaint.author.age, author.age) < 0)
  return stuck.some(isSenior) || isMajority(epoch.voters, new Set(stuck.map((complaint) => complaint.thing.device)))
}
