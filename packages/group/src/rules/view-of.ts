import type { ThingId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { compareLeaves } from './change.ts'
import { pathTo, type Epoch } from './epoch.ts'
import { compareSeats, type Seat } from './membership.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { compareStanding, compareText } from './seniority.ts'
import type { Leaf } from './thing.ts'
import type { AccountView, Role, View } from './view.ts'

/** Kinds that speak about silence, and change nothing for anybody who reads. */
const QUIET: ReadonlySet<string> = new Set(['attest', 'stuck'])

/** An analysis as those outside the rules see it. */
export function viewOf({ facts, membership, tip, final }: Analysis, heads: readonly ThingId[]): View {
  const path = pathTo(tip)
  const [first] = path
  const create = first?.node.body
  return {
    is: create?.kind === 'create' ? create.is : 'group',
    title: membership.title,
    tip: tip.id,
    path: path.map(({ id }) => id),
    final: final.id,
    accounts: [...membership.seats.values()].toSorted(compareSeats).map(accountOf),
    desired: leavesOf([...membership.leaves.values()]),
    tree: leavesOf(tip.tree),
    effective: effectiveOf(membership.nodes, path),
    gone: [...membership.gone].toSorted(compareText),
    forked: [...facts.forks.keys()].toSorted(compareText),
    heads,
    lamport: facts.lamport,
  }
}

function accountOf({ account, rank, add }: Seat): AccountView {
  return { account, role: roleOf(rank), grant: add.id }
}

function roleOf(rank: Seat['rank']): Role {
  if (rank === undefined) return 'member'
  return rank.length === 0 ? 'owner' : 'admin'
}

function leavesOf(leaves: readonly GrantedLeaf[]): readonly Leaf[] {
  return leaves.map(({ device, grant }) => ({ device, grant })).toSorted(compareLeaves)
}

function effectiveOf(valid: readonly Node[], path: readonly Epoch[]): View['effective'] {
  const intents = valid.filter(({ body }) => !QUIET.has(body.kind))
  const commits = path.slice(1).map(({ node }) => node)
  return [...intents, ...commits].toSorted(compareStanding).map(({ thing }) => thing)
}
