import { bitsOf, hasBit, type Bits } from './bits.ts'
import type { Epoch } from './epoch.ts'
import { firstFacts, withNodes, type Facts, type Members } from './facts.ts'
import { agreedIn, finalIn } from './finality.ts'
import { holding } from './intents.ts'
import { membershipOf, type Membership } from './membership.ts'
import type { Node } from './node.ts'
import { tipOf } from './tip.ts'

/** A closed set: its members, their number, and the heads that determine it, ascending. */
export interface ClosedSet {
  readonly members: Bits
  readonly size: number
  readonly heads: readonly number[]
}

/** What a closed set means: a function of the set alone. */
export interface Analysis {
  readonly facts: Facts
  /** L: the deepest epoch known to be agreed; nothing before it changes any more. */
  readonly lock: Epoch
  readonly membership: Membership
  readonly tip: Epoch
  readonly agreed: Epoch
  readonly final: Epoch
}

/** What analysing needs to look up. */
export interface Lookup {
  readonly nodes: readonly Node[]
  readonly children: ReadonlyMap<Epoch, readonly Epoch[]>
  /** Things by device and seq. */
  readonly slots: ReadonlyMap<string, readonly Node[]>
  /** Analyses of sets met lately, by `keyOf` their heads; the oldest go first. */
  readonly memo: Map<string, Analysis>
}

/** How many analyses are kept; a set whose own is gone is analysed from the start. */
const MEMO = 256

export function keyOf(heads: readonly number[]): string {
  return heads.join(' ')
}

export function slotOf({ thing }: Pick<Node, 'thing'>): string {
  return `${thing.device} ${thing.seq}`
}

/** Analyses a closed set that has the create in it. Processing order: facts, then intents, membership, tip, and what is agreed until it rests. */
export function analyzeSet(lookup: Lookup, set: ClosedSet): Analysis {
  const key = keyOf(set.heads)
  const known = lookup.memo.get(key)
  if (known !== undefined) return known
  const [create] = lookup.nodes
  const first = create?.epoch
  if (create === undefined || first === undefined) throw new RangeError('A closed set begins with a create.')
  const facts = factsOf(lookup, set, create, first)
  let judged = judge(lookup, set, facts, facts.mark, create)
  for (;;) {
    const agreed = agreedIn(facts, judged.tip, judged.lock)
    if (agreed === judged.lock) break
    judged = judge(lookup, set, facts, agreed, create)
  }
  const agreed = agreedIn(facts, judged.tip, first)
  const analysis = { ...judged, agreed, final: finalIn(facts, agreed, first) }
  remember(lookup.memo, key, analysis)
  return analysis
}

function remember(memo: Map<string, Analysis>, key: string, analysis: Analysis): void {
  memo.set(key, analysis)
  const [oldest] = memo.keys()
  if (memo.size > MEMO && oldest !== undefined) memo.delete(oldest)
}

/** From the facts of the largest part that was analysed before. */
function factsOf(lookup: Lookup, set: ClosedSet, create: Node, first: Epoch): Facts {
  const nodesAt = (indexes: readonly number[]): readonly Node[] => indexes.flatMap((index) => lookup.nodes[index] ?? [])
  const members: Members = {
    twinsOf: (node) => (lookup.slots.get(slotOf(node)) ?? []).filter((twin) => hasBit(set.members, twin.index)),
    all: () => nodesAt(bitsOf(set.members)),
  }
  const [base, there] = baseOf(lookup, set) ?? [firstFacts(create, first), new Uint32Array([1])]
  return withNodes(base, nodesAt(bitsOf(set.members, there)), members)
}

function baseOf({ nodes, memo }: Lookup, { heads }: ClosedSet): readonly [Facts, Bits] | undefined {
  const largest = heads.flatMap((index) => nodes[index] ?? []).toSorted((a, b) => b.size - a.size)
  for (const head of largest) {
    const past = memo.get(keyOf(head.heads))
    if (past !== undefined) return [past.facts, head.past]
  }
  return undefined
}

function judge(
  { nodes, children }: Lookup,
  { members }: ClosedSet,
  facts: Facts,
  lock: Epoch,
  create: Node,
): Pick<Analysis, 'facts' | 'lock' | 'membership' | 'tip'> {
  const { forks, memberships, intents } = facts
  let membership = memberships.get(lock)
  if (membership === undefined) {
    membership = membershipOf(holding(intents, { forks, frozen: lock.valid, size: nodes.length }), create, forks)
    memberships.set(lock, membership)
  }
  const tip = tipOf({ lock, forks, membership }, members, (epoch) => children.get(epoch) ?? [])
  return { facts, lock, membership, tip }
}
