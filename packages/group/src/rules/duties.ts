import type { DeviceId, EpochId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { meaningOf } from './analyze.ts'
import type { ControlLog } from './control-log.ts'
import type { Epoch } from './epoch.ts'
import { hasNamed } from './finality.ts'
import type { GrantedLeaf } from './node.ts'
import type { Leaf } from './thing.ts'

/**
 * Whether a device should say ack: its last ack or commit was made elsewhere, or its last thing does not show what is known as agreed and final by
 * now (G6). It acks only an epoch whose state it holds.
 */
export function owesAck(log: ControlLog, device: DeviceId): boolean {
  return owesAckIn(meaningOf(log).analysis, device)
}

export function owesAckIn({ facts, tip, lock, agreed, final }: Analysis, device: DeviceId): boolean {
  const [held, last] = [facts.entered.get(device), facts.latest.get(device)]
  const isCurrent =
    held?.tip === tip && last?.tip === tip && last.lock === lock && last.agreed === agreed && last.final === final
  return !isCurrent
}

/** Leaves of an epoch on the path, wanted still, whose devices have not named it: to be attested once it has been there for 30 days. */
export function quietLeaves(log: ControlLog, about: EpochId): readonly Leaf[] {
  const { analysis } = meaningOf(log)
  let epoch: Epoch | undefined = analysis.tip
  while (epoch !== undefined && epoch.id !== about) epoch = epoch.parent
  if (epoch === undefined) return []
  return quietIn(analysis, epoch).map(({ device, grant }) => ({ device, grant }))
}

export function quietIn({ facts, membership }: Analysis, about: Epoch): readonly GrantedLeaf[] {
  return about.tree.filter(
    (leaf) => membership.leaves.get(leaf.device) === leaf && !hasNamed(facts, leaf.device, about),
  )
}
