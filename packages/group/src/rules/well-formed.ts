import type { Analysis } from './analysis.ts'
import type { Arena } from './arena.ts'
import { hasBit, type Bits } from './bits.ts'
import { changeFor, isChange } from './change.ts'
import type { Epoch } from './epoch.ts'
import { MAX_ACCOUNTS, MAX_RECOVERS } from './limits.ts'
import type { Seat } from './membership.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { compareAge, compareRank } from './seniority.ts'
import { isSilent } from './silence.ts'
import type { Body, Leaf, Thing } from './thing.ts'

/** A thing and what its own past means; nothing else decides whether it is well-formed. */
export interface Case {
  readonly arena: Arena
  readonly past: Bits
  readonly before: Analysis
  readonly thing: Pick<Thing, 'account' | 'device' | 'epoch' | 'body'>
  readonly author: Node['author']
}

/** Whether a thing counts, by its own past (G2, G4). Its author must be in, and it must name the tip of that past. */
export function isWellFormedIn(it: Case): boolean {
  const { before, thing, author } = it
  const seat = before.membership.seats.get(thing.account)
  if (seat === undefined || thing.epoch !== before.tip.id) return false
  const { body } = thing
  if (body.kind === 'ack') return true
  if (body.kind === 'recover') return mayRecover(it, body)
  if (body.kind === 'grant') return mayGrant(it, body)
  return author.leaf !== undefined && (isOwnMatter(it, body) || isAdminMatter(it, body, seat))
}

/** The account key has signed for this device, and for none later that is known. It is the first that the device says. */
function mayRecover({ before, thing }: Case, { number }: Body & { kind: 'recover' }): boolean {
  const { facts, membership } = before
  const owner = membership.ages.get(thing.device)
  if (facts.latest.has(thing.device) || (owner !== undefined && owner.account !== thing.account)) return false
  const known = facts.intents.flatMap(({ body, thing: { account } }) =>
    body.kind === 'recover' && account === thing.account ? [body.number] : [],
  )
  return known.length < MAX_RECOVERS && known.every((other) => other < number)
}

function mayGrant({ before, thing, author }: Case, { device }: Body & { kind: 'grant' }): boolean {
  const { ages, gone } = before.membership
  if (before.facts.forks.has(device) || gone.has(device)) return false
  const owner = ages.get(device)
  if (owner !== undefined && owner.account !== thing.account) return false
  // Without a leaf a device may bring back itself only, and only if somebody else granted it before.
  return author.leaf !== undefined || (device === thing.device && owner !== undefined)
}

function isOwnMatter(it: Case, body: Body): boolean {
  const { before, thing, past, arena } = it
  switch (body.kind) {
    case 'leave':
      return true
    case 'revoke': {
      const { ages } = before.membership
      const [own, other] = [ages.get(thing.device), ages.get(body.device)]
      if (own === undefined || other === undefined || other.account !== thing.account) return false
      return body.device === thing.device || compareAge(own, other) < 0
    }
    case 'commit':
      return isCommit(it, body)
    case 'attest': {
      const [leaf, about] = [leafIn(it, body.leaf), aboutIn(before, body)]
      return leaf !== undefined && about !== undefined && leaf.device !== thing.device && about.tree.includes(leaf)
    }
    case 'stale': {
      const leaf = leafIn(it, body.leaf)
      return leaf !== undefined && isSilent(before, leaf)
    }
    case 'stuck': {
      const epoch = arena.index.get(body.commit)?.epoch
      if (epoch?.parent === undefined || !hasBit(past, epoch.node.index)) return false
      const { parent, tree, node } = epoch
      if (node.thing.device === thing.device) return false
      return tree.some((leaf) => leaf.device === thing.device && parent.tree.includes(leaf))
    }
    default:
      return false
  }
}

function isCommit({ arena, before, past, thing }: Case, body: Body & { kind: 'commit' }): boolean {
  const isTaken = arena.epochs.get(body.child)?.some(({ node }) => hasBit(past, node.index)) ?? false
  const change = changeFor(before, thing.device)
  return !isTaken && change !== undefined && isChange(change, body)
}

function isAdminMatter({ arena, past, before }: Case, body: Body, seat: Seat): boolean {
  if (seat.rank === undefined) return false
  const { seats } = before.membership
  switch (body.kind) {
    case 'rename':
      return true
    case 'add': {
      const isUsed = arena.acceptances.get(body.acceptance)?.some(({ index }) => hasBit(past, index)) ?? false
      return !seats.has(body.account) && seats.size < MAX_ACCOUNTS && !isUsed && areDistinct(body.devices)
    }
    case 'appoint': {
      const target = seats.get(body.account)
      return target !== undefined && target.rank === undefined
    }
    case 'remove':
    case 'demote': {
      const target = seats.get(body.account)
      if (target === undefined) return false
      if (body.kind === 'demote' && target.rank === undefined) return false
      return compareRank(seat.rank, target.rank) < 0
    }
    default:
      return false
  }
}

function areDistinct(devices: readonly unknown[]): boolean {
  return devices.length > 0 && new Set(devices).size === devices.length
}

/** The leaf that a body names, if a thing in the past grants it. */
export function leafIn(
  { arena, past }: Pick<Case, 'arena' | 'past'>,
  { device, grant }: Leaf,
): GrantedLeaf | undefined {
  const node = arena.index.get(grant)
  if (node === undefined || !hasBit(past, node.index)) return undefined
  return node.grants.find((leaf) => leaf.device === device)
}

/** The epoch that an attest is about, if it is on the path to the tip. */
export function aboutIn({ tip }: Analysis, { about }: Body & { kind: 'attest' }): Epoch | undefined {
  let epoch: Epoch | undefined = tip
  while (epoch !== undefined && epoch.id !== about) epoch = epoch.parent
  return epoch
}
