import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'
import type { ConversationKind, Leaf, Thing } from './thing.ts'

export type Role = 'owner' | 'admin' | 'member'

/** An account that is desired, or in a tree. */
export interface AccountView {
  readonly account: AccountId
  readonly role: Role
  /** The create or add that its place rests on. */
  readonly grant: ThingId
}

/** What a closed set of control things means (G2 to G7): a pure function of the set, whatever the order they came in. */
export interface View {
  readonly is: ConversationKind
  readonly title: string
  /** The epoch to send in. */
  readonly tip: EpochId
  /** From the first epoch to the tip. */
  readonly path: readonly EpochId[]
  /** Deepest epoch on the path that every leaf's device is known to have agreed to. States off or behind it may go once it is shown (G6). */
  readonly final: EpochId
  /** Accounts that should be in, by seniority. */
  readonly accounts: readonly AccountView[]
  /** Leaves that should be in: the tip's tree ought to become this (G7). */
  readonly desired: readonly Leaf[]
  /** Leaves that are in the tip's tree. */
  readonly tree: readonly Leaf[]
  /** Things that had their effect, in an order that respects their pasts: intents that hold, and the commits of the path. */
  readonly effective: readonly Thing[]
  /** Devices that never come back: revoked, or left behind when their account was restored. */
  readonly gone: readonly DeviceId[]
  /** Devices that are proven to have forked their chain. */
  readonly forked: readonly DeviceId[]
  /** The heads that nothing else covers: the `deps` of the next thing. */
  readonly heads: readonly ThingId[]
  readonly lamport: number
}
