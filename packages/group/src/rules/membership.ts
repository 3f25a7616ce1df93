import type { AccountId, DeviceId } from '@sotto/interface'
import { hasBit } from './bits.ts'
import type { Holding } from './intents.ts'
import { MAX_WANTED_LEAVES } from './limits.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { isRetired } from './recovery.ts'
import { isAccountOut, isRankOut, revokedBy } from './removals.ts'
import { compareAge, compareRank, compareStanding, type Rank } from './seniority.ts'

/** An account that should be in. */
export interface Seat {
  readonly account: AccountId
  /** The create or add that it rests on, and its place there. */
  readonly add: Node
  readonly place: number
  readonly rank: Rank | undefined
  /** The create, add or appointment that the rank rests on. */
  readonly cap: Node
}

/** Who should be in (G7): a function of the intents that hold and of the proven forks. */
export interface Membership extends Holding {
  readonly title: string
  readonly seats: ReadonlyMap<AccountId, Seat>
  /** The leaf of each device that should be in. */
  readonly leaves: ReadonlyMap<DeviceId, GrantedLeaf>
  /** The first valid grant of every device that ever had one: its age, and whose it is. */
  readonly ages: ReadonlyMap<DeviceId, GrantedLeaf>
  /** Devices that never come back: revoked, or left behind by a recover. */
  readonly gone: ReadonlySet<DeviceId>
}

/** What the intents that hold make, in a conversation that `create` begins. */
export function membershipOf(holding: Holding, create: Node, forked: ReadonlyMap<DeviceId, number>): Membership {
  const seats = seatsOf(holding, create)
  const { ages, newest } = grantsOf(holding, seats)
  const gone = goneFrom(holding)
  const { ofLeaf } = holding.removals
  const standing = [...newest].filter(([device, leaf]) => !gone.has(device) && !forked.has(device) && !ofLeaf.has(leaf))
  const isFull = standing.length > MAX_WANTED_LEAVES
  const first = isFull ? standing.toSorted(([, a], [, b]) => compareAge(a, b)).slice(0, MAX_WANTED_LEAVES) : standing
  const leaves = new Map(first)
  return { ...holding, title: titleOf(holding, create), seats, leaves, ages, gone }
}

function seatsOf(holding: Holding, create: Node): Map<AccountId, Seat> {
  const seats = new Map<AccountId, Seat>()
  const { removals, nodes } = holding
  const sit = (add: Node, account: AccountId, place: number, rank: Rank | undefined): void => {
    if (isAccountOut(removals, account, add)) return
    const before = seats.get(account)
    if (before !== undefined && compareStanding(before.add, add) > 0) return
    // Nobody is senior to an owner, so no demotion takes its rank.
    seats.set(account, { account, add, place, rank, cap: add })
  }
  if (create.body.kind === 'create') {
    const hasOwner = create.body.is === 'group'
    for (const [place, founder] of create.body.founders.entries())
      sit(create, founder.account, place, hasOwner && place === 0 ? [] : undefined)
  }
  for (const node of nodes) if (node.body.kind === 'add') sit(node, node.body.account, 0, undefined)
  for (const node of nodes) if (node.body.kind === 'appoint') appoint(holding, seats, node)
  return seats
}

function appoint({ removals }: Holding, seats: Map<AccountId, Seat>, node: Node): void {
  if (node.body.kind !== 'appoint' || node.gives === undefined) return
  const { account } = node.body
  const { rank, add } = node.gives
  const seat = seats.get(account)
  if (seat === undefined || seat.add !== add || isRankOut(removals, account, node, rank)) return
  if (seat.rank === undefined || compareRank(rank, seat.rank) < 0) seats.set(account, { ...seat, rank, cap: node })
}

/** Of each device the first valid grant, and the newest of those that come after its account's add. */
function grantsOf(
  { nodes }: Holding,
  seats: ReadonlyMap<AccountId, Seat>,
): Record<'ages' | 'newest', Map<DeviceId, GrantedLeaf>> {
  const ages = new Map<DeviceId, GrantedLeaf>()
  const newest = new Map<DeviceId, GrantedLeaf>()
  for (const node of nodes) {
    for (const leaf of node.grants) {
      const first = ages.get(leaf.device)
      if (first === undefined || compareAge(leaf, first) < 0) ages.set(leaf.device, leaf)
      const add = seats.get(leaf.account)?.add
      if (add === undefined || (add !== node && !hasBit(node.past, add.index))) continue
      const last = newest.get(leaf.device)
      if (last === undefined || compareAge(last, leaf) < 0) newest.set(leaf.device, leaf)
    }
  }
  return { ages, newest }
}

function goneFrom({ nodes, removals }: Holding): Set<DeviceId> {
  const gone = revokedBy(removals)
  if (removals.recovers.size === 0) return gone
  for (const node of nodes)
    for (const leaf of node.grants) if (isRetired(removals.recovers, leaf, node)) gone.add(leaf.device)
  return gone
}

/** The valid rename that comes last. */
function titleOf({ nodes }: Holding, create: Node): string {
  let last = create
  for (const node of nodes) if (node.body.kind === 'rename' && compareStanding(last, node) < 0) last = node
  return last.body.kind === 'rename' || last.body.kind === 'create' ? last.body.title : ''
}

/** Seniority among accounts: rank, then the order in which they came in. */
export function compareSeats(a: Seat, b: Seat): number {
  return compareRank(a.rank, b.rank) || compareStanding(a.add, b.add) || a.place - b.place
}
