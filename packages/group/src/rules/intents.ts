import { emptyBits, hasBit, putBit, type Bits } from './bits.ts'
import type { Epoch } from './epoch.ts'
import { isForked, type Forks } from './forks.ts'
import type { Node } from './node.ts'
import { addRemoval, isBound, isPersonal, noRemovals, type Removals } from './removals.ts'
import { compareAge, compareRank, compareText } from './seniority.ts'

/** The intents that hold, and the removals among them. */
export interface Holding {
  readonly nodes: readonly Node[]
  readonly valid: Bits
  readonly removals: Removals
}

/** Order in which intents are judged: recovers, then seniors first, so that nobody is bound by somebody who is bound; claims about silence last. */
export function compareIntents(a: Node, b: Node): number {
  return (
    Number(isRecover(b)) - Number(isRecover(a)) ||
    Number(isClaim(a)) - Number(isClaim(b)) ||
    compareRank(a.author.rank, b.author.rank) ||
    compareText(a.thing.account, b.thing.account) ||
    compareAge(a.author.age, b.author.age) ||
    compareText(a.thing.device, b.thing.device) ||
    a.thing.seq - b.thing.seq ||
    compareText(a.id, b.id)
  )
}

function isRecover({ body }: Node): boolean {
  return body.kind === 'recover'
}

/** An attest, stale or stuck needs no authority. */
function isClaim({ body }: Node): boolean {
  return body.kind === 'attest' || body.kind === 'stale' || body.kind === 'stuck'
}

/**
 * Which intents hold (G3), of well-formed ones in the order of `compareIntents`. Those in the lock's past are as they were there.
 * `frozen` are the nodes that were valid there, the create first; `size` bounds all indexes.
 */
export function holding(
  intents: readonly Node[],
  { forks, lock, frozen, size }: { forks: Forks; lock: Epoch; frozen: readonly Node[]; size: number },
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
    if (hasBit(lock.node.past, node.index) || isForked(forks, node, lock)) continue
    if (restsOnValid(node, valid) && !isBound(removals, node)) take(node)
  }
  return { nodes, valid, removals }
}

/** Whether its author's place holds, and the rank where one is needed. Who leaves is out, whatever became of what brought them in. */
function restsOnValid({ body, author: { add, cap } }: Node, valid: Bits): boolean {
  if (body.kind === 'leave') return true
  if (body.kind === 'recover') return true
  if (add === undefined || !hasBit(valid, add.index)) return false
  return cap === undefined || isPersonal(body) || hasBit(valid, cap.index)
}
