import { step } from '../../src/index.ts'
import { Peer, type Stepper } from './peer.ts'

/** What is tried on the conversation. Probabilities are for each chance. */
export interface Faults {
  readonly actions: number
  readonly drop: number
  readonly duplicate: number
  readonly crash: number
  /** The relays lose something that they had said to keep. */
  readonly lose: number
  /** A device's disk is put back to what it was before its last start. */
  readonly rollback: number
  readonly paths: 'both' | 'relays' | 'direct'
  /** Of the conversation. @default 3 */
  readonly relays?: 2 | 3
}

export const USUAL: Faults = {
  actions: 140,
  drop: 0.25,
  duplicate: 0.2,
  crash: 0.01,
  lose: 0.3,
  rollback: 0,
  paths: 'both',
}

/** How peers are made: a plant puts something wrong between here and `step`. */
export interface Plant {
  readonly stepper: Stepper
  readonly peer: typeof Peer
}

export const NO_PLANT: Plant = { stepper: step, peer: Peer }

export interface Outcome {
  readonly violations: readonly string[]
  readonly retired: number
  readonly crashes: number
  readonly rollbacks: number
  readonly messages: number
  /** How often each effect happened. */
  readonly effects: ReadonlyMap<string, number>
  /** SHA-256 over everything that happened: equal for equal seeds. */
  readonly trace: string
}
