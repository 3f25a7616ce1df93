import type { AccountId, DeviceId } from '@sotto/interface'
import { hasBit, type Bits } from './bits.ts'
import type { GrantedLeaf, Node } from './node.ts'
import { compareText } from './seniority.ts'

/** The valid recovers of each account, the latest first. */
export type Recovers = Map<AccountId, readonly Node[]>

export function addRecover(recovers: Recovers, node: Node): void {
  const { account } = node.thing
  recovers.set(
    account,
    [...(recovers.get(account) ?? []), node].toSorted((a, b) => compareRecovers(b, a)),
  )
}

/**
 * Whether a recover binds something that its account did: neither knew of the other, nor does it stand on a later recover. The account key speaks
 * in a recover, so this needs no rank and no age.
 */
export function isByLost(recovers: Recovers, { thing, past, index }: Node): boolean {
  return unknownTo(past, recovers.get(thing.account) ?? []).some((recover) => !hasBit(recover.past, index))
}

/** Whether a recover takes a device of its account: what granted the device stands on neither it nor a later one. */
export function isRetired(recovers: Recovers, leaf: GrantedLeaf, granting: Node): boolean {
  const all = recovers.get(leaf.account) ?? []
  const own = all.findIndex(({ thing }) => thing.device === leaf.device)
  return own === -1 ? unknownTo(granting.past, all).length > 0 : own > 0
}

/** Whether a revoke says something of a device still: what was said before the account key brought it in does not. */
export function isRevokedBy(recovers: Recovers, { thing, past }: Node, device: DeviceId): boolean {
  const own = recovers.get(thing.account)?.find((recover) => recover.thing.device === device)
  return own === undefined || hasBit(past, own.index)
}

/** The recovers that are later than all of them that are in a past. */
function unknownTo(past: Bits, latestFirst: readonly Node[]): readonly Node[] {
  const known = latestFirst.findIndex(({ index }) => hasBit(past, index))
  return known === -1 ? latestFirst : latestFirst.slice(0, known)
}

/** By the number that the account key signed. */
function compareRecovers(a: Node, b: Node): number {
  return numberOf(a) - numberOf(b) || compareText(a.id, b.id)
}

function numberOf({ body }: Node): number {
  return body.kind === 'recover' ? body.number : 0
}
