import { analyzeSet, type Analysis, type ClosedSet } from './analysis.ts'
import type { Arena } from './arena.ts'
import { countBits, emptyBits, hasBit, putAll, putBit } from './bits.ts'
import { changeFor, treeAfter } from './change.ts'
import { jumpOf, type Epoch } from './epoch.ts'
import type { Author, GrantedLeaf, Node } from './node.ts'
import type { Thing } from './thing.ts'
import { votersOf } from './voters.ts'
import { aboutIn, isWellFormedIn, leafIn, type Case } from './well-formed.ts'

/** Makes the node of a thing whose prev and deps are all in the arena: everything that its own past says about it. */
export function nodeOf(arena: Arena, thing: Thing, references: readonly Node[]): Node {
  const set = pastOf(references, arena.nodes.length)
  const { members: past, size, heads } = set
  const before = analyzeSet(arena, set)
  const lamport = references.reduce((most, node) => Math.max(most, node.lamport), 0) + 1
  const index = arena.nodes.length
  const author = authorOf(before, thing, lamport)
  const it: Case = { arena, past, before, thing, author }
  const prev = thing.prev === undefined ? undefined : arena.index.get(thing.prev)
  const follows =
    prev === undefined ? thing.seq === 1 : prev.thing.device === thing.device && prev.thing.seq + 1 === thing.seq
  const isWellFormed = follows && thing.lamport === lamport && isWellFormedIn(it)
  const { body } = thing
  const grants = grantsOf(thing, { lamport, index })
  const { tip, lock, agreed, final } = before
  const seat = body.kind === 'appoint' ? before.membership.seats.get(body.account) : undefined
  const draft: Omit<Node, 'epoch'> = {
    index,
    id: thing.id,
    lamport,
    thing,
    body,
    past,
    size,
    heads,
    author,
    grants,
    tip,
    lock,
    agreed,
    final,
    isWellFormed,
    breaksChain: !follows,
    isTrue: thing.epoch === tip.id,
    leaf: body.kind === 'attest' || body.kind === 'stale' ? leafIn(it, body.leaf) : undefined,
    about: aboutOf(it),
    gives: seat && { rank: [...(author.rank ?? []), { lamport, id: thing.id }], add: seat.add },
  }
  return isWellFormed && body.kind === 'commit' ? withEpoch(draft, before) : { ...draft, epoch: undefined }
}

/** The closed set under some nodes. */
export function pastOf(references: readonly Node[], length: number): ClosedSet {
  const members = emptyBits(length)
  for (const node of references) {
    putAll(members, node.past)
    putBit(members, node.index)
  }
  const heads = references.filter((node) => !references.some((other) => hasBit(other.past, node.index)))
  const indexes = [...new Set(heads.map(({ index }) => index))].toSorted((a, b) => a - b)
  return { members, size: countBits(members), heads: indexes }
}

/** What the author of a thing is in the thing's past. A device without any grant is as young as the thing itself. */
export function authorOf(
  { membership }: Analysis,
  thing: Pick<Thing, 'account' | 'device' | 'id'>,
  lamport: number,
): Author {
  const seat = membership.seats.get(thing.account)
  return {
    rank: seat?.rank,
    add: seat?.add,
    cap: seat?.cap,
    leaf: membership.leaves.get(thing.device),
    age: membership.ages.get(thing.device) ?? { lamport, id: thing.id, place: 0 },
  }
}

function aboutOf({ arena, before, thing: { body } }: Case): Epoch | undefined {
  if (body.kind === 'attest') return aboutIn(before, body)
  return body.kind === 'stuck' ? arena.index.get(body.commit)?.epoch : undefined
}

function grantsOf(thing: Thing, { lamport, index }: { lamport: number; index: number }): readonly GrantedLeaf[] {
  const { body, id } = thing
  const leaf = (account: Thing['account'], device: Thing['device'], place: number): GrantedLeaf => {
    return { device, grant: id, account, by: index, lamport, id, place }
  }
  if (body.kind === 'add') return body.devices.map((device, place) => leaf(body.account, device, place))
  if (body.kind === 'recover') return [leaf(thing.account, thing.device, 0)]
  return body.kind === 'grant' ? [leaf(thing.account, body.device, 0)] : []
}

function withEpoch(draft: Omit<Node, 'epoch'>, before: Analysis): Node {
  const { tip: parent, membership } = before
  const { body, thing } = draft
  const change = changeFor(before, thing.device)
  if (body.kind !== 'commit' || change === undefined) return { ...draft, epoch: undefined }
  const tree = treeAfter(parent.tree, change)
  const place = { id: body.child, depth: parent.depth + 1, parent, jump: jumpOf(parent), tree, removed: change.removed }
  return tied({ ...place, voters: votersOf(tree, membership), valid: membership.nodes }, (epoch) => ({
    ...draft,
    epoch,
  }))
}

/** Makes an epoch and its node, each of which names the other. */
export function tied(bare: Omit<Epoch, 'node'>, nodeFor: (epoch: Epoch) => Node): Node {
  // Becomes one with the assignment below, before anybody else sees it.
  const epoch = bare as Epoch
  const node = nodeFor(epoch)
  Object.assign(epoch, { node })
  return node
}
