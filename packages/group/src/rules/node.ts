import type { AccountId } from '@sotto/interface'
import type { Bits } from './bits.ts'
import type { Epoch } from './epoch.ts'
import type { Age, Rank, Standing } from './seniority.ts'
import type { Body, Leaf, Thing } from './thing.ts'

/** A leaf that a create, an add or a grant names. One object for each, so that leaves are compared by identity. */
export interface GrantedLeaf extends Leaf, Age {
  readonly account: AccountId
  /** Index of the thing that grants it. */
  readonly by: number
}

/** What the author of a thing was in the thing's own past. */
export interface Author {
  readonly rank: Rank | undefined
  /** The create or add that the account's place rests on; none when the account was not in. */
  readonly add: Node | undefined
  /** The create, add or appointment that its rank rests on. */
  readonly cap: Node | undefined
  /** The desired leaf of the author's device. */
  readonly leaf: GrantedLeaf | undefined
  readonly age: Age
}

/** A thing of the closed set with all that its own past says about it: constants, whatever comes later. */
export interface Node extends Standing {
  readonly index: number
  readonly thing: Thing
  readonly body: Body
  /** Indexes of everything that it stands on, itself not. */
  readonly past: Bits
  /** Indexes of the heads of its past, ascending: they determine it. */
  readonly heads: readonly number[]
  /** How many things its past has. */
  readonly size: number
  readonly author: Author
  /** Tip of its past. */
  readonly tip: Epoch
  /** L of its past (G6). */
  readonly lock: Epoch
  /** What its past shows agreed. */
  readonly agreed: Epoch
  /** What its past shows final: its author may act on that. */
  readonly final: Epoch
  /** It names the tip of its own past. */
  readonly isTrue: boolean
  readonly isWellFormed: boolean
  /** It does not continue its device's chain: proof like two things on one seq. */
  readonly breaksChain: boolean
  /** Of a create, an add, a grant, a recover: what it grants. */
  readonly grants: readonly GrantedLeaf[]
  /** Of an attest, a stale: the silent leaf. */
  readonly leaf: GrantedLeaf | undefined
  /** Of an attest: since when; of a stuck: what cannot be entered. */
  readonly about: Epoch | undefined
  /** Of an appoint: the rank that it gives, and the add of the account that gets it. */
  readonly gives: { readonly rank: Rank; readonly add: Node } | undefined
  /** Of a create, and of a well-formed commit. */
  readonly epoch: Epoch | undefined
}

/** Things that say what should be; all but acks, commits and creates. */
export function isIntent({ kind }: Body): boolean {
  return kind !== 'create' && kind !== 'commit' && kind !== 'ack'
}
