import type { AccountId, ConversationId, DeviceId, EpochId, EventId, InnerId, RelayId, ThingId } from '@sotto/interface'

/** The last event of a chain, or of a part of it. Without an id, what comes next is the first one that is for us. */
export interface ChainHead {
  readonly seq: number
  readonly eventId: EventId | ''
  readonly lamport: number
}

/** What is remembered of a settled event. */
export interface Mark {
  readonly eventId: EventId
  readonly lamport: number
}

/** An event that another one names as seen before it. `lamport` is there once that event is settled here; 0 if it was before our time. */
export interface HeldDep {
  readonly device: DeviceId
  readonly seq: number
  readonly eventId: EventId
  readonly lamport: number | undefined
}

/** An event that is stored here while something before it is missing. */
export interface HeldEvent {
  readonly seq: number
  readonly eventId: EventId
  readonly prev: EventId | ''
  /** As its author says, and as it is shown until it settles: only then its true number is known. */
  readonly lamport: number
  /** Of the epoch that it names. Undefined while that one is not known here. */
  readonly floor: number | undefined
  readonly deps: readonly HeldDep[]
  readonly since: number
  /** Waited long enough: what it still lacks counts as a gap. */
  readonly waited: boolean
  readonly shown: boolean
}

/** Both ends included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The first missing events of one author, both ends included. Times in ms; `asked` 0 before the first request. */
export interface Missing extends Span {
  readonly since: number
  readonly asked: number
  /** Requests since `from` last moved. */
  readonly tries: number
}

/** Whoever came in by a commit beside the path is owed nothing up to this place of our log, if that one is on the path in the end. */
export interface Beside {
  readonly device: DeviceId
  readonly seq: number
}

/** Own events that others have, and have read: spans in order that do not touch. */
export interface Reached {
  readonly delivered: readonly Span[]
  readonly read: readonly Span[]
}

/** What a device's receipts say about our events. */
export interface Acknowledged {
  readonly counter: number
  readonly delivered: number
  readonly read: number
  /** Our control things up to here. Absent in states of groups' first version. */
  readonly control: number | undefined
}

/** Another device's newest head record, kept so that it can be given back. `signed` is hex. */
export interface PeerHead {
  readonly boot: number
  readonly seals: number
  readonly signed: string
}

/**
 * Everything known of one device of the conversation, our own included. Two of its numbers are about its events and our time in the conversation (`start`,
 * `had`), two about our events and its time (`since` for what people are told of them, `begins` for what is owed).
 */
export interface DeviceRecord {
  readonly device: DeviceId
  readonly account: AccountId
  /** In the tip's roster. Devices that left stay, for their events. */
  readonly live: boolean
  /** Its newest settled event: everything up to it is here, valid and shown. Without an id where our time begins, until something follows. */
  readonly head: ChainHead
  /** Some settled event of another device names the head. */
  readonly covered: boolean
  /** The newest settled events, the head last. */
  readonly recent: readonly Mark[]
  /** Stored events beyond the head, by `seq`. */
  readonly held: readonly HeldEvent[]
  /** The highest `seq` that the device has said to have sealed. */
  readonly claimed: number
  /** The highest `seq` that others have said to have of it. Enough to ask, not to show a gap: they may lie. */
  readonly heard: number | undefined
  /** Missing events up to here are a visible gap. */
  readonly declared: number
  readonly missing: Missing | undefined
  /** Up to here a person at this device has seen that device's events. */
  readonly read: number
  /** Events up to here were before our time: they are neither here nor missing. Absent where we were there from the beginning. */
  readonly start: number | undefined
  /** What was here of it before our time began, or began anew, ends there: our time does not begin before. */
  readonly had: number | undefined
  /** It was out when we came in and has not been in since: nothing that it said was for us, so nothing of it is missing. */
  readonly past: boolean | undefined
  /** From this `seq` on it has given others something else than us, as its own signature shows. */
  readonly forked: number | undefined
  /** Our events up to here were before its time: whether it has them says nothing to a person. */
  readonly since: number | undefined
  /** Nothing of our events up to here is owed to it: our receipts tell it so. Absent of those who were there from the beginning. */
  readonly begins: number | undefined
  /** All control things of that device up to here are stored. */
  readonly control: number | undefined
  readonly acknowledged: Acknowledged
  /** The newest request of that device to send events again. */
  readonly asked: { readonly counter: number; readonly at: number }
  readonly peerHead: PeerHead | undefined
}

/** A sealed item that fewer than w relays have stored so far. */
export interface OutboxItem {
  readonly innerId: InnerId
  readonly firstSeq: number
  readonly lastSeq: number
  readonly deposits: readonly RelayId[]
  readonly holds: readonly DeviceId[]
}

/**
 * Where the check against a rolled-back store stands. `checking`: own head records are being read; `recording`: a new
 * one must be stored first; `ready`: may seal; `retired`: never again.
 */
export type Stage = 'checking' | 'recording' | 'ready' | 'retired'

/** A head record that was handed out to be stored. */
export interface HandedHead {
  readonly boot: number
  readonly seals: number
  readonly at: number
  readonly stored: readonly RelayId[]
  /** Another device holds it. */
  readonly held: boolean
  /** Which other devices hold it. Absent in states of earlier versions. */
  readonly holders: readonly DeviceId[] | undefined
}

export interface RollbackState {
  readonly stage: Stage
  readonly boot: number
  /** MLS messages sealed in this conversation, ever. */
  readonly seals: number
  /** Relays that have answered for the check since this start. */
  readonly answered: readonly RelayId[]
  /** Other devices that have given our own head record back since this start. Absent in states of earlier versions. */
  readonly returned: readonly DeviceId[] | undefined
  /** When another device first gave its view of our head since this start; it counts when no relay says more for a while. */
  readonly vouched: number | undefined
  /** A member claims to have later events of ours than there are: members' word does not end the check any more. */
  readonly doubted: boolean
  /** The newest one, also of an earlier start: no true record can be beyond it. */
  readonly handed: HandedHead | undefined
}

/** One conversation as one device knows it. Plain data; `step` is the only thing that makes a new one. */
export interface ConversationState {
  readonly conversation: ConversationId
  readonly self: DeviceId
  readonly epochId: EpochId
  /** No event that is composed in this epoch has a number that is not above this one. Absent in states of earlier versions. */
  readonly floor: number | undefined
  /** Who came in beside the path that we follow, and up to where nothing is owed to them. Absent in states of earlier versions. */
  readonly besides: readonly Beside[] | undefined
  /** k: how many relays the conversation has. */
  readonly relays: number
  /** By device id. */
  readonly devices: readonly DeviceRecord[]
  /** The newest own event that was ever sealed. */
  readonly sealed: { readonly seq: number; readonly eventId: EventId | '' }
  readonly outbox: readonly OutboxItem[]
  /** Own events that w relays stored and that are not delivered. */
  readonly sent: readonly Span[]
  /** What own events have reached. Absent in states of earlier versions. */
  readonly reached: Reached | undefined
  /** Own events up to here have left the outbox. */
  readonly released: number
  readonly receipts: { readonly on: boolean; readonly counter: number; readonly due: number | undefined }
  /** Control things that others here stand on and that are not here: receipts ask for them. Absent in states of earlier versions. */
  readonly lacking: readonly ThingId[] | undefined
  readonly fetches: number
  readonly rollback: RollbackState
}
