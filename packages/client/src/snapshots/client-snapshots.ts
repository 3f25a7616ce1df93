import type { AccountId, ConversationId, DeviceId, InvitationId, RelayId, RequestId } from '@sotto/interface'
import type { ConversationSummary } from './conversation-snapshots.ts'

export interface SelfSnapshot {
  readonly account: AccountId
  readonly device: DeviceId
  readonly name: string
  /** True when a newer copy of this store was seen, or this device was revoked: nothing can be sent from here any more. */
  readonly retired: boolean
  /** Addresses of the relays that new invitations name. */
  readonly relays?: readonly string[]
  /** Nobody is connected to directly, and nobody is told where this device is. */
  readonly relaysOnly?: boolean
  /** True when that is because another device of the account has revoked this one. */
  readonly revoked?: boolean
}

export interface RelaySnapshot {
  readonly relay: RelayId
  readonly address: string
  readonly reachable: boolean
  /** Why not, in words for a person; absent while reachable. */
  readonly problem?: string
}

export interface RequestSnapshot {
  readonly id: RequestId
  readonly kind: 'contact' | 'group'
  /** Who asks: whoever says hello, or who invites into a group. */
  readonly account: AccountId
  readonly name: string
  readonly message: string
  readonly receivedAt: number
  /** Of a group, as its inviter calls it. */
  readonly title?: string
}

/** A group that one was invited into and is not in. `waiting`: has said yes, and whoever asked has to let them in. */
export interface AwaitedGroup {
  /** As the request had it. */
  readonly id: RequestId
  readonly conversation: ConversationId
  /** Who has invited. */
  readonly account: AccountId
  readonly name: string
  readonly title: string
  /** `taken-back` until a person has seen it, and says so with `decline`. */
  readonly state: 'waiting' | 'taken-back'
  readonly at: number
}

/** A device of this account. */
export interface DeviceSnapshot {
  readonly device: DeviceId
  /** The one that answers. */
  readonly current: boolean
  /** Milliseconds since 1970, as its certificate says. */
  readonly addedAt: number
  /** Revoked, or left behind when the account was restored: in some conversation it is out for good. */
  readonly retired?: true
}

export interface InvitationSnapshot {
  readonly invitation: InvitationId
  readonly link: string
  /** Milliseconds since 1970. */
  readonly expires: number
  readonly uses: number
  /** How many were let in with it. */
  readonly used: number
  /** How many have said hello with it, answered or not: at `uses`, nobody else can, whatever `state` says. */
  readonly hellos: number
  readonly state: 'open' | 'used' | 'expired' | 'revoked'
}

/** What waits to leave this device, and why it does. */
export interface WaitingSnapshot {
  readonly waiting: number
  /** The account or relay that it waits for. */
  readonly for: string
  readonly because: string
}

/** Everything a view shows outside an open conversation. Immutable; a new one after each change. */
export interface ClientSnapshot {
  readonly self: SelfSnapshot
  readonly online: boolean
  readonly relays: readonly RelaySnapshot[]
  readonly requests: readonly RequestSnapshot[]
  readonly awaited: readonly AwaitedGroup[]
  readonly conversations: readonly ConversationSummary[]
  readonly invitations: readonly InvitationSnapshot[]
  readonly waiting: readonly WaitingSnapshot[]
}
