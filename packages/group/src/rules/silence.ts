import type { DeviceId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { isFrom, type Epoch } from './epoch.ts'
import { hasNamed } from './finality.ts'
import type { GrantedLeaf } from './node.ts'
import { isMajority } from './voters.ts'

/** Whether enough say that a leaf is silent: a majority of the tree of every epoch from the lock to the tip (G6). */
export function isSilent({ facts, lock, tip, membership }: Analysis, leaf: GrantedLeaf): boolean {
  const yes = new Set<DeviceId>()
  for (const node of membership.nodes) {
    if (node.body.kind !== 'attest' || node.leaf !== leaf || node.about === undefined) continue
    if (isFrom(tip, node.about) && !hasNamed(facts, leaf.device, node.about)) yes.add(node.thing.device)
  }
  for (let at: Epoch | undefined = tip; at !== undefined; at = at.parent) {
    if (!isMajority(at.voters, yes)) return false
    if (at === lock) return true
  }
  return false
}
