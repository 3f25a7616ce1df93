import type { AccountId, DeviceId, EpochId } from '@sotto/interface'
import type { GrantedLeaf, Node } from './node.ts'

/** An account in a tree and its devices there, oldest first. */
export interface Voter {
  readonly account: AccountId
  readonly devices: readonly DeviceId[]
}

/** What a well-formed commit (or the create) makes. Two are the same only if they are the same object. */
export interface Epoch {
  readonly id: EpochId
  /** The commit or create. */
  readonly node: Node
  readonly depth: number
  readonly parent: Epoch | undefined
  /** An ancestor far up, so that any ancestor is found in a logarithmic number of steps; the first epoch's is itself. */
  readonly jump: Epoch | undefined
  readonly tree: readonly GrantedLeaf[]
  /** What the commit took out of the parent's tree. */
  readonly removed: readonly GrantedLeaf[]
  /** The tree's accounts that should be in, by seniority, as the commit's past has it. */
  readonly voters: readonly Voter[]
  /** What was valid in its past, the create first: frozen once this epoch is final. */
  readonly valid: readonly Node[]
}

/** The jump of a child (skew-binary jump pointers: E. Myers, 1983). */
export function jumpOf(parent: Epoch): Epoch {
  const near = parent.jump ?? parent
  const far = near.jump ?? near
  return parent.depth - near.depth === near.depth - far.depth ? far : parent
}

/** Whether `epoch` is `ancestor` or comes from it. */
export function isFrom(epoch: Epoch, ancestor: Epoch): boolean {
  return ancestorAt(epoch, ancestor.depth) === ancestor
}

/** The ancestor (or the epoch itself) at a depth; the epoch itself when it is not that deep. */
export function ancestorAt(epoch: Epoch, depth: number): Epoch {
  let at = epoch
  while (at.depth > depth) {
    const up: Epoch | undefined = at.jump !== undefined && at.jump.depth >= depth ? at.jump : at.parent
    if (up === undefined) break
    at = up
  }
  return at
}

/** The depth of the deepest common ancestor. */
export function meetingDepth(a: Epoch, b: Epoch): number {
  let left = ancestorAt(a, b.depth)
  let right = ancestorAt(b, a.depth)
  while (left !== right) {
    // Epochs of one depth have jumps of one depth.
    const [leftJump, rightJump] = [left.jump, right.jump]
    const far = leftJump !== undefined && rightJump !== undefined && leftJump !== rightJump
    const [nextLeft, nextRight]: [Epoch | undefined, Epoch | undefined] = far
      ? [leftJump, rightJump]
      : [left.parent, right.parent]
    if (nextLeft === undefined || nextRight === undefined) break
    left = nextLeft
    right = nextRight
  }
  return left.depth
}

/** From the first epoch to this one. */
export function pathTo(epoch: Epoch): Epoch[] {
  const path: Epoch[] = []
  for (let at: Epoch | undefined = epoch; at !== undefined; at = at.parent) path.push(at)
  return path.toReversed()
}

export function firstOf(epoch: Epoch): Epoch {
  return ancestorAt(epoch, 0)
}
