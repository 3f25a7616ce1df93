import { sha256 } from '@noble/hashes/sha2.js'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import { u32 } from './labels.ts'
import { MAX_POW_BITS } from './limits.ts'

const LABEL = fromString('sotto/pow/1')

/** The entry that is to be put, which the work is bound to. */
export interface Work {
  readonly mailbox: Uint8Array
  readonly tag: Uint8Array
  readonly body: Uint8Array
}

/** SHA-256("sotto/pow/1" ‖ mailbox ‖ tag ‖ SHA-256(body) ‖ nonce, four bytes big-endian). */
export function powHash(work: Work, nonce: number): Uint8Array {
  return sha256(concat([prefixOf(work), u32(nonce)]))
}

/** Whether the nonce's hash begins with `bits` zero bits. */
export function checkPow(work: Work, nonce: number, bits: number): boolean {
  return leadingZeros(powHash(work, nonce)) >= bits
}

/**
 * Tries the nonces from `from` on, at most `tries` of them, so that the caller can pause between steps.
 * A mailbox asks for at most {@link MAX_POW_BITS}; on average 2^bits tries are needed.
 * @returns the nonce, or `undefined` when none of these will do
 */
export function solvePow(work: Work, bits: number, from: number, tries: number): number | undefined {
  if (bits > MAX_POW_BITS) return undefined
  const start = sha256.create().update(prefixOf(work))
  // Made once: with new ones for each try most of the time would go into making them.
  const [state, last, hash] = [sha256.create(), u32(0), new Uint8Array(32)]
  const view = new DataView(last.buffer)
  const end = Math.min(from + tries, 2 ** 32)
  for (let nonce = from; nonce < end; nonce++) {
    view.setUint32(0, nonce)
    start._cloneInto(state).update(last).digestInto(hash)
    if (leadingZeros(hash) >= bits) return nonce
  }
  return undefined
}

function prefixOf({ mailbox, tag, body }: Work): Uint8Array {
  return concat([LABEL, mailbox, tag, sha256(body)])
}

function leadingZeros(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0)
  if (first === -1) return hash.length * 8
  return first * 8 + Math.clz32(hash[first] ?? 0) - 24
}
