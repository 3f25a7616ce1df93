import type { DeviceId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { isFrom, type Epoch } from './epoch.ts'
import { hasNamed, hasShown } from './finality.ts'
import type { GrantedLeaf } from './node.ts'
import { isMajority } from './voters.ts'

/** Whether enough say that a leaf is silent: a majority of the tree of every epoch from the lock to the tip (G6). */
export function isSilent(analysis: Analysis, leaf: GrantedLeaf): boolean {
  const { lock, tip, membership } = analysis
  const yes = new Set<DeviceId>()
  for (const node of membership.nodes) {
    if (node.body.kind !== 'attest' || node.leaf !== leaf || node.about === undefined) continue
    if (isFrom(tip, node.about) && isQuiet(analysis, leaf.device, node.about)) yes.add(node.thing.device)
  }
  for (let at: Epoch | undefined = tip; at !== undefined; at = at.parent) {
    if (!isMajority(at.voters, yes)) return false
    if (at === lock) return true
  }
  return false
}

/**
 * Whether a device owes a word about an epoch: it has not named it, or all have and it does not show that it knows. The second, too, keeps an
 * epoch from being final, and a malicious device could do it for ever.
 */
export function isQuiet({ facts, agreed }: Analysis, device: DeviceId, about: Epoch): boolean {
  return !hasNamed(facts, device, about) || (isFrom(agreed, about) && !hasShown(facts, device, about))
}
