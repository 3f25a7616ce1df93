import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import { WireError } from './errors.ts'

// Domain labels of everything that is signed: a signature made for one purpose is never valid for another.
export const SEAL = 'sotto/seal/1'
export const DEVICE = 'sotto/device/1'
export const RECEIPT = 'sotto/receipt/1'
export const HEAD = 'sotto/head/1'
export const OFFER = 'sotto/offer/1'
export const FETCH = 'sotto/fetch/1'
export const SERVED = 'sotto/served/1'
export const CONTROL = 'sotto/control/1'
export const RECOVERY = 'sotto/recovery/1'
export const ACCEPTANCE = 'sotto/acceptance/1'
export const INVITATION = 'sotto/invitation/1'
export const HELLO = 'sotto/hello/1'
export const MAILBOX = 'sotto/mailbox/1'

/** The domain labels of signatures, and of what is sealed to a key for one purpose. */
export type Label =
  | typeof SEAL
  | typeof DEVICE
  | typeof RECEIPT
  | typeof HEAD
  | typeof OFFER
  | typeof FETCH
  | typeof SERVED
  | typeof CONTROL
  | typeof ACCEPTANCE
  | typeof RECOVERY
  | typeof INVITATION
  | typeof HELLO
  | typeof MAILBOX

/**
 * What a signature covers: length of the label (one byte) ‖ label ‖ for each part its length (four bytes, big-endian)
 * ‖ the part. No two lists of parts give the same bytes.
 */
export function signedBytes(label: Label, ...parts: readonly Uint8Array[]): Uint8Array {
  const name = fromString(label)
  if (name.length > 255) throw new WireError('bad-argument', 'A label has at most 255 bytes.')
  return concat([Uint8Array.of(name.length), name, ...parts.flatMap((part) => [u32(part.length), part])])
}

/** Four bytes, big-endian. */
export function u32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new WireError('bad-argument', 'A number for the wire is whole and has at most 32 bits.')
  }
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}
