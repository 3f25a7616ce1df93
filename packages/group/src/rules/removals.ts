import type { AccountId, DeviceId } from '@sotto/interface'
import { hasBit } from './bits.ts'
import { isPersonal, needsRank } from './kinds.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { addRecover, isByLost, isRevokedBy, type Recovers } from './recovery.ts'
import { compareAge, compareRank, type Rank } from './seniority.ts'

/** The valid removals, by what they remove. */
export interface Removals {
  /** remove, leave and demote. */
  readonly ofAccount: Map<AccountId, Node[]>
  readonly ofDevice: Map<DeviceId, Node[]>
  readonly ofLeaf: Map<GrantedLeaf, Node[]>
  readonly recovers: Recovers
}

export function noRemovals(): Removals {
  return { ofAccount: new Map(), ofDevice: new Map(), ofLeaf: new Map(), recovers: new Map() }
}

export function addRemoval(removals: Removals, node: Node): void {
  const { body } = node
  if (body.kind === 'remove' || body.kind === 'demote') put(removals.ofAccount, body.account, node)
  else if (body.kind === 'leave') put(removals.ofAccount, node.thing.account, node)
  else if (body.kind === 'revoke') put(removals.ofDevice, body.device, node)
  else if (body.kind === 'recover') addRecover(removals.recovers, node)
  else if (body.kind === 'stale' && node.leaf !== undefined) put(removals.ofLeaf, node.leaf, node)
}

function put<K>(map: Map<K, Node[]>, key: K, node: Node): void {
  const there = map.get(key)
  if (there === undefined) map.set(key, [node])
  else there.push(node)
}

/** Whether a valid removal binds an intent: the author was removed, and neither knew of the other (G3). */
export function isBound(removals: Removals, node: Node): boolean {
  // The account key has the last word about the account's devices; whether the account is in is decided without it.
  if (node.body.kind === 'recover') return false
  return (
    (removals.ofAccount.get(node.thing.account)?.some((removal) => bindsAccount(removal, node)) ?? false) ||
    isDeviceBound(removals, node)
  )
}

function isDeviceBound(removals: Removals, node: Node): boolean {
  const { recovers, ofDevice } = removals
  const { device } = node.thing
  const binds = (revoke: Node): boolean => isUnknownTo(revoke, node) && isRevokedBy(recovers, revoke, device)
  return isByLost(recovers, node) || (ofDevice.get(device)?.some(binds) ?? false)
}

/** The devices that are out for good by what was said of them. */
export function revokedBy({ ofDevice, recovers }: Removals): Set<DeviceId> {
  const revoked = new Set<DeviceId>()
  for (const [device, revokes] of ofDevice)
    if (revokes.some((revoke) => isRevokedBy(recovers, revoke, device))) revoked.add(device)
  return revoked
}

/** Whether a valid removal voids a commit: as with intents, but a demotion takes no commits, and a stale takes its leaf's, unless one knew of the other. */
export function isCommitBound(removals: Removals, node: Node, own: GrantedLeaf | undefined): boolean {
  const ofAccount = removals.ofAccount.get(node.thing.account)
  return (
    (ofAccount?.some((removal) => bindsAccount(removal, node)) ?? false) ||
    isDeviceBound(removals, node) ||
    (own !== undefined &&
      (removals.ofLeaf.get(own)?.some((stale) => isUnknownTo(stale, node) && isUnknownTo(node, stale)) ?? false))
  )
}

function bindsAccount(removal: Node, node: Node): boolean {
  // Who leaves is out, also when somebody removed and added the account meanwhile; and its devices are for the account to say.
  if (!isUnknownTo(removal, node) || isPersonal(node.body)) return false
  if (removal.body.kind === 'leave' && isByElder(node, removal)) return false
  if (removal.body.kind !== 'demote') return !isAfter(removal, node.author.add)
  return needsRank(node.body) && !isAfter(removal, node.author.cap)
}

/** A younger device, which somebody may have stolen, takes its account along and nothing of what an older one did with its rank. */
function isByElder({ body, author }: Node, leave: Node): boolean {
  return needsRank(body) && compareAge(author.age, leave.author.age) < 0
}

function isUnknownTo(removal: Node, node: Node): boolean {
  return !hasBit(removal.past, node.index)
}

/** Whether what the author rests on was given after the removal. */
function isAfter(removal: Node, grant: Node | undefined): boolean {
  return grant !== undefined && hasBit(grant.past, removal.index)
}

/** Whether the account is out: a removal or leave that the grant does not have in its past. */
export function isAccountOut(removals: Removals, account: AccountId, grant: Node): boolean {
  return removals.ofAccount.get(account)?.some((r) => r.body.kind !== 'demote' && !hasBit(grant.past, r.index)) ?? false
}

/** Whether a rank is taken by a senior's demotion that the appointment does not have in its past. */
export function isRankOut(removals: Removals, account: AccountId, cap: Node, rank: Rank): boolean {
  const all = removals.ofAccount.get(account)
  return (
    all?.some((r) => r.body.kind === 'demote' && !hasBit(cap.past, r.index) && compareRank(r.author.rank, rank) < 0) ??
    false
  )
}
