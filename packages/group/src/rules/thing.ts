import type { AccountId, DeviceId, EpochId, ThingId } from '@sotto/interface'

/** What a conversation is for; fixed when it is created. Only groups have roles. */
export type ConversationKind = 'pair' | 'group' | 'self'

/** A device's place in a tree: the device by one grant. A re-join is another grant, so another leaf. */
export interface Leaf {
  readonly device: DeviceId
  /** The thing that granted it: the create, an add or a grant. */
  readonly grant: ThingId
}

/** An account at the creation, its devices oldest first. */
export interface Founder {
  readonly account: AccountId
  readonly devices: readonly DeviceId[]
}

/**
 * What a control thing says. Signatures, device chains, acceptances and key packages were checked before: here only authority and order
 * are judged (G2 to G7 of spec/group.md).
 */
export type Body =
  /** The first thing of a conversation, by its creator. `founders` are the leaves of `epoch`, the creator's account first. */
  | {
      readonly kind: 'create'
      readonly is: ConversationKind
      readonly title: string
      readonly founders: readonly Founder[]
      readonly child: EpochId
    }
  /** An account that has said yes, with its devices, oldest first. */
  | {
      readonly kind: 'add'
      readonly account: AccountId
      readonly devices: readonly DeviceId[]
      /** Names the signed acceptance (hex of its hash): one that an add in this add's past has used counts for nothing. */
      readonly acceptance: string
    }
  | { readonly kind: 'remove'; readonly account: AccountId }
  | { readonly kind: 'appoint'; readonly account: AccountId }
  | { readonly kind: 'demote'; readonly account: AccountId }
  | { readonly kind: 'leave' }
  /** A device of the author's account: a new one, or itself again. */
  | { readonly kind: 'grant'; readonly device: DeviceId }
  /** The author's device comes in by the account key, and all others of the account go. `number` is the greater the later it was signed. */
  | { readonly kind: 'recover'; readonly number: number }
  /** A younger device of the author's account, or itself. */
  | { readonly kind: 'revoke'; readonly device: DeviceId }
  | { readonly kind: 'rename'; readonly title: string }
  /** `epoch` of the thing is the parent. */
  | {
      readonly kind: 'commit'
      readonly child: EpochId
      readonly added: readonly Leaf[]
      readonly removed: readonly Leaf[]
    }
  | { readonly kind: 'ack' }
  /** This leaf has been silent for 30 days since `about` (an epoch). */
  | { readonly kind: 'attest'; readonly leaf: Leaf; readonly about: EpochId }
  | { readonly kind: 'stale'; readonly leaf: Leaf }
  /** The author cannot enter this commit's epoch, though it is in its tree and held the parent. */
  | { readonly kind: 'stuck'; readonly commit: ThingId }

/** One signed control item in its device's chain. */
export interface Thing {
  /** SHA-256 of the encoded, signed bytes, hex. */
  readonly id: ThingId
  readonly account: AccountId
  readonly device: DeviceId
  /** From 1, gapless in the device's chain. */
  readonly seq: number
  /** The thing with `seq - 1` of the same device; absent for the first. */
  readonly prev?: ThingId
  /** All control heads that nothing else here covers, as the author knew them. */
  readonly deps: readonly ThingId[]
  /** One more than the greatest in its past. */
  readonly lamport: number
  /** The author's tip when it was made; for a commit the parent; for a create its child. */
  readonly epoch: EpochId
  readonly body: Body
}
