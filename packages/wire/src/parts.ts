import { LARGE_ENVELOPE_BYTES, MAX_ADDRESS_BYTES, MAX_RELAYS, SMALL_ENVELOPE_BYTES } from './limits.ts'
import { between, exactly, list, type Rule } from './rules.ts'

/** Ids and public keys. */
export const id: Rule<Uint8Array> = exactly(32)
/** An id that may be missing. */
export const idOrNone: Rule<Uint8Array> = exactly(0, 32)
/** An Ed25519 signature. */
export const signature: Rule<Uint8Array> = exactly(64)
/** A tag: of a mailbox entry, of a hello claim. */
export const tag: Rule<Uint8Array> = exactly(16)
/** A body that a relay stores: one of two sizes, so that it learns nothing else about what is inside. */
export const envelope: Rule<Uint8Array> = exactly(SMALL_ENVELOPE_BYTES, LARGE_ENVELOPE_BYTES)
/** A multiaddr in its binary form. What is in it is checked by who dials it. */
export const address: Rule<Uint8Array> = between(1, MAX_ADDRESS_BYTES)
/** The relays of a conversation or invitation. */
export const relays: Rule<readonly Uint8Array[]> = list(1, MAX_RELAYS, address)

/** Whether no two byte strings are equal. */
export function areDistinct(items: readonly Uint8Array[]): boolean {
  return new Set(items.map((item) => item.join())).size === items.length
}

/** Whether each number is greater than the one before it. */
export function areAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? number))
}
