import type { AccountId, DeviceId, EpochId, EventId, InnerId, RelayId, Rows, ThingId } from '@sotto/interface'
import type { Fetch, HeadRecord, Receipt } from '@sotto/wire'

import type { CheckedEvent, CheckedSeal } from './seals.ts'
import type { ConversationState } from './state.ts'

/** The path by which an event came. */
export type Via = 'direct' | 'gossip' | 'mailbox' | 'sync'

/** The place of an event: its author and the author's count. */
export interface Position {
  readonly device: DeviceId
  readonly seq: number
}

/** An event that the store holds, as far as {@link Input} needs it: see `lookups`. */
export interface KnownEvent extends Position {
  readonly eventId: EventId
  readonly lamport: number
}

/** A device of the tip's roster and whose it is. */
export interface MemberDevice {
  readonly device: DeviceId
  readonly account: AccountId
}

/** The place of a device's last event before somebody's time, as a committer says; also of devices that are out by then. */
export interface Start extends Position {
  readonly account: AccountId
}

/** Who said or stored something: a relay of the conversation, or a device over its own proven path. */
export type Source = { readonly relay: RelayId } | { readonly device: DeviceId }

/**
 * Everything that can happen to a conversation. Times are milliseconds since 1970; `jitter` is a number in [0, 1) from
 * the client's randomness; `known` answers `lookups(state, input)`.
 */
export type Input =
  /** The process started and opened this conversation. `boot` counts the store's starts and must have grown. */
  | { readonly type: 'start'; readonly boot: number }
  | {
      readonly type: 'members'
      readonly members: readonly MemberDevice[]
      readonly epochId: EpochId
      /** What is composed in this epoch has numbers above this one; 0 when left out. */
      readonly floor?: number
      /** We come in: where the others' events stand. What was before is not ours. */
      readonly start?: readonly Start[]
      /** Of those who were in with us, who has been out since, while we were: they come in anew. */
      readonly anew?: readonly DeviceId[]
      /** Our events up to here are not owed to those who come in, as the committer says. */
      readonly owed?: number
      /** Who has committed that. */
      readonly committer?: DeviceId
      /** Who was in before that commit, where this is not who was in before this input. */
      readonly from?: readonly DeviceId[]
      /** Not the tip, but what was followed beside it: who comes in there, owed what. */
      readonly beside?: {
        readonly added: readonly DeviceId[]
        /** Of these, who comes back. */
        readonly returned: readonly DeviceId[]
        readonly owed: number
        readonly committer: DeviceId
      }
      /** Devices that were away and come back: they are owed everything that they have not acknowledged. */
      readonly returned?: readonly DeviceId[]
    }
  /** All control things of `device` up to `cseq` are stored here. */
  | {
      readonly type: 'control'
      readonly device: DeviceId
      readonly cseq: number
      readonly via: Via
      readonly now: number
      readonly jitter: number
    }
  /** Which control things are named here and are not here, all of them that are asked for now. */
  | {
      readonly type: 'lacking'
      readonly things: readonly ThingId[]
      readonly now: number
      readonly jitter: number
    }
  /** How many relays the conversation has now: k. */
  | { readonly type: 'relays'; readonly count: number }
  | {
      readonly type: 'compose'
      readonly kind: string
      readonly body: Uint8Array
      /** 32 random bytes. */
      readonly salt: Uint8Array
      readonly now: number
    }
  /** Asks what may be sealed now: answered by the effect `seal`, or by none. */
  | { readonly type: 'seal-due' }
  /** The client sealed own events `firstSeq` to `lastSeq` (all of the effect's, or fewer from its beginning). */
  | {
      readonly type: 'sealed'
      readonly innerId: InnerId
      readonly firstSeq: number
      readonly lastSeq: number
      readonly lastEventId: EventId
      /** True when it answers `serve`: these events had been sealed before. */
      readonly again: boolean
      readonly now: number
    }
  /** The client made another MLS message of this conversation (a commit): head records count it. */
  | { readonly type: 'committed'; readonly now: number }
  /** A seal that MLS opened as `sender`'s and whose signature over `seal.statement` is valid. */
  | {
      readonly type: 'opened'
      readonly sender: DeviceId
      readonly seal: CheckedSeal
      readonly via: Via
      readonly known: readonly KnownEvent[]
      readonly now: number
      readonly jitter: number
    }
  /**
   * Events of one other device that somebody else gave us: each checked by `checkServed`, its signature valid, and its seal's epoch one in which
   * that device was.
   */
  | {
      readonly type: 'served'
      readonly events: readonly CheckedEvent[]
      readonly known: readonly KnownEvent[]
      readonly now: number
      readonly jitter: number
    }
  /** A receipt with a valid signature by `device`. */
  | {
      readonly type: 'receipt'
      readonly device: DeviceId
      readonly receipt: Receipt
      readonly via: Via
      readonly now: number
    }
  /** A request to send events again, with a valid signature by `device`. */
  | { readonly type: 'fetch'; readonly device: DeviceId; readonly fetch: Fetch; readonly now: number }
  /**
   * Own head record as `source` holds it, with our own valid signature; `undefined` when it holds none. For a relay:
   * the newest one after its whole control lane was read.
   */
  | {
      readonly type: 'head-record'
      readonly source: Source
      readonly record: HeadRecord | undefined
      readonly known: readonly KnownEvent[]
      readonly now: number
    }
  /** Another device's head record with its valid signature; `signed` is the encoded SignedRecord, kept to be echoed. */
  | {
      readonly type: 'peer-head'
      readonly device: DeviceId
      readonly record: HeadRecord
      readonly signed: Uint8Array
      readonly now: number
    }
  /** The head record of the effect `head-due` with these numbers is stored there. */
  | {
      readonly type: 'head-stored'
      readonly boot: number
      readonly seals: number
      readonly source: Source
      readonly now: number
    }
  /** A relay answered that it stored a sealed item. */
  | { readonly type: 'deposited'; readonly innerId: InnerId; readonly relay: RelayId }
  /** A device answered over its path that it holds a sealed item durably. */
  | { readonly type: 'held'; readonly innerId: InnerId; readonly device: DeviceId }
  /** A proven path to that device opened: it gets our receipt and its own head record. */
  | { readonly type: 'connected'; readonly device: DeviceId; readonly now: number }
  /** A person saw these and all earlier events of the same authors. `direct`: a direct path is open. */
  | {
      readonly type: 'read'
      readonly upTo: readonly Position[]
      readonly direct: boolean
      readonly now: number
      readonly jitter: number
    }
  /** Whether receipts (and requests for what is missing) may leave: not before a request was accepted. */
  | { readonly type: 'receipts'; readonly on: boolean; readonly now: number }
  /** Everything that is coalesced goes out at once: before stopping, and for `sync`. */
  | { readonly type: 'flush'; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }

/** Why an input changed nothing (or less than it said). A closed set, to count by. */
export type Refusal =
  | 'not-a-member'
  | 'other-conversation'
  | 'equivocation'
  | 'broken-chain'
  | 'before-our-time'
  | 'too-many-held'
  | 'before-lookup'
  | 'stale'
  | 'ahead'
  | 'too-large'
  | 'too-often'
  | 'not-ready'
  | 'not-ours'
  | 'not-here'

/** What an own message has reached, in this order; it never goes back. */
export type OwnState = 'queued' | 'sent' | 'delivered' | 'read'
/** Others' messages. */
export type PeerState = 'received' | 'read'
export type MessageState = OwnState | PeerState

/** What belongs into the transaction that also stores the new state. */
export type PersistEffect =
  /** `row.shown` is already right. `row.text` is what search and views read. */
  | { readonly type: 'put-event'; readonly row: Rows['events'] }
  /** An event stored earlier is shown from now on. */
  | { readonly type: 'show-event'; readonly device: DeviceId; readonly seq: number }
  /** An event stored earlier turned out to have another lamport number than its author says: its row gets this one. */
  | { readonly type: 'number-event'; readonly device: DeviceId; readonly seq: number; readonly lamport: number }
  /** An event that is here came once more, in another seal: its row gets the newer proof, which those hold who came in meanwhile. */
  | { readonly type: 'prove-event'; readonly device: DeviceId; readonly seq: number; readonly proof: Uint8Array }
  /** The receipt of this input is that device's newest: its bytes replace the row. */
  | { readonly type: 'put-receipt'; readonly device: DeviceId; readonly counter: number }
  /**
   * An encoded Receipt: its signed form goes into the outbox in place of an older one (in this transaction, because it is
   * not said again), then out: at once over direct paths, else by mailbox.
   */
  | { readonly type: 'receipt-due'; readonly body: Uint8Array; readonly at: 'now' | 'soon' }
  /** The outbox rows of seals whose `lastSeq` is not above `upTo` are done: every live device has those events. */
  | { readonly type: 'release'; readonly upTo: number }

/** A Fetch without a key. */
export type Ask = Pick<Fetch, 'conversation' | 'author' | 'fromSeq' | 'toSeq' | 'counter'>

/** What leaves the machine or reaches a person, after that transaction. */
export type AfterEffect =
  /** Events that became visible, in display order among themselves. */
  | { readonly type: 'shown'; readonly events: readonly KnownEvent[] }
  /** Own events `firstSeq` to `lastSeq` reached that state. */
  | { readonly type: 'state'; readonly firstSeq: number; readonly lastSeq: number; readonly state: OwnState }
  /** Something waits and may be sealed: send `seal-due` when it can leave. */
  | { readonly type: 'seal-wanted' }
  /** Seal these own events (or fewer from the beginning, see `batchOf`), then send `sealed` before anything leaves. */
  | { readonly type: 'seal'; readonly firstSeq: number; readonly lastSeq: number }
  /** That device lacks these own events: seal them once more, then send `sealed` with `again`. */
  | { readonly type: 'serve'; readonly device: DeviceId; readonly firstSeq: number; readonly lastSeq: number }
  /** That device lacks these events of `author`, as many as are here: give them, sealed to `key`, with their proofs. */
  | {
      readonly type: 'serve-others'
      readonly device: DeviceId
      readonly author: DeviceId
      readonly key: Uint8Array
      readonly firstSeq: number
      readonly lastSeq: number
    }
  /** A Fetch to sign and send: events are missing. `anyone`: with a fresh key, so that others than their author answer. */
  | { readonly type: 'fetch'; readonly fetch: Ask; readonly anyone: boolean }
  /** The visible gaps changed: see `visibleGaps`. */
  | { readonly type: 'gaps' }
  /** An encoded HeadRecord to sign, store at every relay's control lane and send on direct paths; then `head-stored`. */
  | { readonly type: 'head-due'; readonly body: Uint8Array; readonly boot: number; readonly seals: number }
  /** Send that device its own newest head record (an encoded SignedRecord) back. */
  | { readonly type: 'echo-head'; readonly device: DeviceId; readonly signed: Uint8Array }
  /** A newer copy of this store exists: this device key must not be used again. */
  | { readonly type: 'retire' }
  | { readonly type: 'refused'; readonly reason: Refusal }

/** The next state, and what follows from it. On a refusal `state` is the one given. */
export interface Step {
  readonly state: ConversationState
  readonly persist: readonly PersistEffect[]
  readonly after: readonly AfterEffect[]
}
