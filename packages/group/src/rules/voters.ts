import type { AccountId, DeviceId } from '@sotto/interface'
import type { Voter } from './epoch.ts'
import { compareSeats, type Membership } from './membership.ts'
import type { GrantedLeaf } from './node.ts'
import { compareAge, compareText } from './seniority.ts'

/** The accounts of a tree that should be in, by seniority, each with its devices by age: all as the past of the tree's commit has it. */
export function votersOf(tree: readonly GrantedLeaf[], { seats, ages }: Membership): readonly Voter[] {
  const devices = new Map<AccountId, GrantedLeaf[]>()
  for (const leaf of tree) devices.set(leaf.account, [...(devices.get(leaf.account) ?? []), leaf])
  const age = (leaf: GrantedLeaf): GrantedLeaf => ages.get(leaf.device) ?? leaf
  return [...devices]
    .flatMap(([account, leaves]) => {
      const seat = seats.get(account)
      return seat === undefined ? [] : [{ seat, leaves }]
    })
    .toSorted((a, b) => compareSeats(a.seat, b.seat))
    .map(({ seat: { account }, leaves }) => ({
      account,
      devices: leaves
        .toSorted((a, b) => compareAge(age(a), age(b)) || compareText(a.device, b.device))
        .map((leaf) => leaf.device),
    }))
}

/**
 * Whether those who say yes are enough of a tree: more than half of its accounts, or half with the first; an account says yes when more than
 * half of its devices do, or half with its oldest. Two such majorities always share a device.
 */
export function isMajority(voters: readonly Voter[], yes: ReadonlySet<DeviceId>): boolean {
  return isMost(voters, ({ devices }) => isMost(devices, (device) => yes.has(device)))
}

function isMost<T>(all: readonly T[], says: (one: T) => boolean): boolean {
  const [first] = all
  if (first === undefined) return false
  const twice = 2 * all.filter(says).length
  return twice > all.length || (twice === all.length && says(first))
}
