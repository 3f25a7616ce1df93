import type { Plants } from '../sim-rules/plants.ts'
import { RULE_PLANTS, type RulePlant } from '../sim-rules/rule-plants.ts'

/** Mistakes of what keeps and uses states. */
export interface GroupPlants {
  /** Keeps the four newest epochs, as a library does that knows of no forks. */
  readonly fourKeptEpochs?: boolean
  /** Enters its own commits as those of others. */
  readonly ownCommitProcessed?: boolean
  /** Stores after it has sent: a crash brings back keys that were used. */
  readonly storesLate?: boolean
}

/** A mistake that the simulation of groups must notice: of honest devices, of the rules, or of what keeps the states. */
export interface Planted {
  readonly name: string
  readonly says: string
  readonly device?: keyof Plants | keyof GroupPlants
  readonly rule?: RulePlant
}

function inRules(name: string, says: string): Planted {
  const rule = RULE_PLANTS.find((one) => one.name === name)
  if (rule === undefined) throw new Error(`no plant ${name}`)
  return { name, says, rule }
}

function inDevices(device: keyof Plants | keyof GroupPlants, says: string): Planted {
  return { name: device, says, device }
}

export const PLANTED: readonly Planted[] = [
  inDevices('dropLosing', 'the state of a branch that has lost is dropped'),
  inRules('digestOrder', 'siblings are ordered by their hash alone'),
  inDevices('authorOnly', 'only its author carries out what is wanted'),
  inDevices('localFinality', 'final, and deleted, is what is two commits old'),
  inDevices('fourKeptEpochs', 'the states of four epochs are kept'),
  inRules('anyTree', 'a commit is not held against what its parent allows'),
  inRules('noStrongRemoval', 'a removal voids nothing that its target did beside it'),
  inDevices('ownCommitProcessed', 'a device processes its own commits'),
  inRules('outsideChain', 'a commit counts outside the chain of its author'),
  inDevices('storesLate', 'what was sealed is stored after it was sent'),
  inDevices('arrivalOrder', 'the commit that came first is the tip'),
  inDevices('noPause', 'a device seals for somebody who was removed'),
  inRules('membersRule', 'members do what admins may'),
  inRules('lateCommitsCount', 'commits count of those who were removed'),
  inRules('revokedReturn', 'a revoked device comes back'),
]
