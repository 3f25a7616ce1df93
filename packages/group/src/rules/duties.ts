import type { DeviceId, EpochId } from '@sotto/interface'
import type { Analysis } from './analysis.ts'
import { meaningOf } from './analyze.ts'
import type { ControlLog } from './control-log.ts'
import type { Epoch } from './epoch.ts'
import type { GrantedLeaf } from './node.ts'
import { isQuiet } from './silence.ts'
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

/**
 * Whom to attest: of the tip's path, the epoch that one asks about and the leaves, wanted still, whose devices have not named it. Due once it has
 * been on the path for 30 days. Of an epoch that is agreed, those whose devices do not show it: due once it has been agreed for 30 days.
 */
export function quietLeaves(log: ControlLog, about: EpochId): readonly Leaf[] {
  const { analysis } = meaningOf(log)
  let epoch: Epoch | undefined = analysis.tip
  while (epoch !== undefined && epoch.id !== about) epoch = epoch.parent
  const leaves = epoch === undefined ? [] : quietIn(analysis, epoch)
  return leaves.map(({ device, grant }) => ({ device, grant }))
}

/** The deepest epoch that all its devices are known to have agreed to. */
export function agreedEpoch(log: ControlLog): EpochId {
  return meaningOf(log).analysis.agreed.id
}

/** L: the deepest epoch that is known to have been agreed to once; nothing before it changes any more. */
export function lockedEpoch(log: ControlLog): EpochId {
  return meaningOf(log).analysis.lock.id
}

export function quietIn(analysis: Analysis, about: Epoch): readonly GrantedLeaf[] {
  const { leaves } = analysis.membership
  return about.tree.filter((leaf) => leaves.get(leaf.device) === leaf && isQuiet(analysis, leaf.device, about))
}
