import type { AccountId, EventId, ThingId } from '@sotto/interface'

/** What an own message has reached. Never goes back. */
export type OwnState = 'queued' | 'sent' | 'delivered' | 'read'

/** Others' messages. */
export type PeerState = 'received' | 'read'

export interface MessageSnapshot {
  readonly id: EventId
  readonly author: AccountId
  readonly own: boolean
  readonly text: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly sentAt: number
  readonly state: OwnState | PeerState
  readonly replyTo?: EventId
  /** An own message that is queued and will not leave any more: one is out of the conversation, or this device sends nothing now. */
  readonly unsent?: true
  /** Own, and from another device of this account: what it has reached is known there. */
  readonly elsewhere?: true
  /** Own messages in groups: how many accounts have it, how many of them have read it, of how many. */
  readonly reached?: { readonly delivered: number; readonly read: number; readonly of: number }
}

/**
 * Something that somebody did to the conversation; stands between messages. Whoever it is about, in `account`. In pairs only devices come and
 * go, until the other one has restored their account and the conversation goes on in a new one (`went-on`).
 */
export interface LineSnapshot {
  readonly line:
    | 'created'
    | 'added'
    | 'removed'
    | 'left'
    | 'renamed'
    | 'appointed'
    | 'demoted'
    | 'device-linked'
    | 'device-revoked'
    | 'device-set-aside'
    | 'device-back'
    | 'account-restored'
    | 'went-on'
  readonly id: ThingId
  readonly by: AccountId
  readonly account?: AccountId
  /** The title that `created` and `renamed` give. */
  readonly title?: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly at: number
}

/** A place where events are known to be missing. */
export interface GapSnapshot {
  readonly missing: number
  readonly author: AccountId
}

export type RowSnapshot = MessageSnapshot | GapSnapshot | LineSnapshot
