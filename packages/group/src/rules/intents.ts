import { emptyBits, hasBit, putBit, type Bits } from './bits.ts'
import { isForked, type Forks } from './forks.ts'
import { isClaim, isPersonal, needsRank } from './kinds.ts'
import type { Node } from './node.ts'
import { addRemoval, isBound, noRemovals, type Removals } from './removals.ts'
import { compareAge, compareRank, compareText } from './seniority.ts'

/** The intents that hold, and the removals among them. */
export interface Holding {
  readonly nodes: readonly Node[]
  readonly valid: Bits
  readonly removals: Removals
}

/**
 * Order in which intents are judged, so that nobody is bound by somebody who is bound: recovers, then what concerns the own account, older devices
 * first, then what needs a rank, seniors first, then claims about silence. The id makes no difference to what holds.
 */
export function compareIntents(a: Node, b: Node): number {
  return (
    turnOf(a) - turnOf(b) ||
    (needsRank(a.body) ? compareRank(a.author.rank, b.author.rank) : compareAge(a.author.age, b.author.age)) ||
    compareText(a.id, b.id)
  )
}

function turnOf({ body }: Node): number {
  if (body.kind === 'recover') return 0
  if (isPersonal(body)) return 1
  return needsRank(body) ? 2 : 3
}

/**
 * Which intents hold (G3), of well-formed ones in the order of `compareIntents`, after those that held in the lock's past. `frozen` are these, the
 * create first; `size` bounds all indexes.
 */
export function holding(
  intents: readonly Node[],
  { forks, frozen, size }: { forks: Forks; frozen: readonly Node[]; size: number },
): Holding {
  const valid = emptyBits(size)
  const nodes: Node[] = []
  const removals = noRemovals()
  const take = (node: Node): void => {
    putBit(valid, node.index)
    nodes.push(node)
    addRemoval(removals, node)
  }
  for (const node of frozen) take(node)
  for (const node of intents) {
    if (hasBit(valid, node.index) || isForked(forks, node)) continue
    if (!restsOnValid(node, valid) || isBound(removals, node)) continue
    take(node)
    // Who may appoint may add: the appointment brings in whom it found there, whatever became of the add.
    const { gives } = node
    if (gives !== undefined && !hasBit(valid, gives.add.index)) take(gives.add)
  }
  return { nodes, valid, removals }
}

/** Whether what its author rests on holds: for a claim the place, for what needs a rank that, with which the place holds too. */
function restsOnValid({ body, author: { add, cap } }: Node, valid: Bits): boolean {
  if (needsRank(body)) return cap !== undefined && hasBit(valid, cap.index)
  return !isClaim(body) || (add !== undefined && hasBit(valid, add.index))
}
