import type { DecodeReason } from '@sotto/interface'

/**
 * A position in a device's chain: its number and the hash there. Zero stands for the empty chain and has no hash.
 * @returns why the pair is not allowed
 */
export function headReason(number: number, hash: Uint8Array): DecodeReason | undefined {
  return hash.length === (number === 0 ? 0 : 32) ? undefined : 'bad-length'
}
