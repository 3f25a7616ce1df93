import type { AccountId, ConversationId } from '@sotto/interface'
import type { MessageSnapshot, RowSnapshot } from './row-snapshots.ts'

/** How a person can be reached now. `relayed`: by mailbox, a relay of the conversation answers. `partly`: none does, and some members of a group are connected directly. */
export type ConnectionKind = 'direct' | 'relayed' | 'partly' | 'none'

/** Pairs have no roles: everybody is a member there. */
export type Role = 'owner' | 'admin' | 'member'

export interface MemberSnapshot {
  readonly account: AccountId
  readonly name: string
  readonly role: Role
  /**
   * `joining`: has said yes, and its devices are not in yet; `leaving`: nothing is sent before it is out; `away`: its devices said nothing for 30
   * days and were set aside until they come back. Absent: in.
   */
  readonly state?: 'joining' | 'leaving' | 'away'
}

export interface ConversationSummary {
  readonly conversation: ConversationId
  readonly kind: 'pair' | 'group'
  readonly title: string
  /** `requested`: we asked and wait; `active`: both sides talk; `ended`: declined or blocked here, left or removed from. */
  readonly phase: 'requested' | 'active' | 'ended'
  /** By seniority in groups. */
  readonly members: readonly MemberSnapshot[]
  /** The other account of a pair. */
  readonly peer?: AccountId
  /** Our own. */
  readonly role: Role
  /** Accounts that were invited from here and have not answered. */
  readonly invited: readonly { readonly account: AccountId; readonly name: string }[]
  /** Somebody who is to be removed still holds the keys: messages wait until they are changed. */
  readonly rekeying: boolean
  readonly verified: boolean
  readonly unread: number
  readonly connection: ConnectionKind
  readonly last?: MessageSnapshot
  readonly updatedAt: number
}

export interface ConversationSnapshot extends ConversationSummary {
  /** Display order, oldest first; a gap stands where it is known. */
  readonly rows: readonly RowSnapshot[]
  readonly hasOlder: boolean
  /** People whom rows speak of and who are in no more. */
  readonly former: readonly { readonly account: AccountId; readonly name: string }[]
}
