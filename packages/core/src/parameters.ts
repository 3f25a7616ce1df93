/** Stored events that may wait for something before them, for each device. More are refused; their author sends them again. */
export const MAX_HELD = 1_000
/** Settled events of each device that are remembered in the state; older ones are looked up. */
export const RECENT = 16
/** Heads that one event names. */
export const MAX_DEPS = 8
/**
 * How far above the floor of the epoch that we are in the number of an event is believed, when not all that it follows is here: what somebody gives to some
 * members only, or what was before a newcomer's time, may count for so much.
 */
export const MAX_LAMPORT_LEAP = 4_096
/** The last lamport number: whatever follows it has the same, and its place by its id. */
export const MAX_LAMPORT = 4_294_967_295

/** Devices that came in beside the path, of which is noted from where on something is owed to them: the newest. To others, nothing of before is. */
export const MAX_BESIDES = 1_024

/** A head record of another device with its signature; larger ones are not kept. */
export const MAX_SIGNED_HEAD_BYTES = 1_024

/** After this long, what nobody supplied is a visible gap. Milliseconds, as all below. */
export const GAP_AFTER = 60_000
/** Missing events are given this long to come by themselves. */
export const FETCH_AFTER = 10_000
/** The author of a gap is asked again after this long, then after twice as long, up to the longest. */
export const FETCH_EVERY = 30_000
export const FETCH_AT_LEAST_EVERY = 21_600_000
/** Of somebody who is out, or does not answer, everybody else is asked for so long: after that, nobody takes it any more. */
export const ASK_OTHERS_FOR = 2_592_000_000
/** One device's requests are answered this often at most. */
export const SERVE_EVERY = 10_000

/** Receipts are coalesced for between this and this long. */
export const RECEIPT_SOONEST = 5_000
export const RECEIPT_LATEST = 60_000

/** While messages are being sealed, a new head record is stored this often. */
export const HEAD_EVERY = 300_000

/** After a start, another device's view of our head counts if the relays have not answered for this long. */
export const ALONE_AFTER = 30_000

/** w: how many relays make something stored, out of k. */
export function storedAt(relays: number): number {
  return Math.min(2, relays)
}

/** k − w + 1: so many relays together cannot all have missed what w of them stored. */
export function checkedAt(relays: number): number {
  return relays - storedAt(relays) + 1
}

/**
 * Whether the other devices, all of them together, stand for one relay in the check against a rolled-back store. Of two relays and them, any two
 * are met again by any other two. Of three relays, one with them could be missed by the two others.
 */
export function haveWitnesses(relays: number): boolean {
  return 2 * storedAt(relays) - 1 > relays
}
