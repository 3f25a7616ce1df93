import { bytesToHex } from '@noble/hashes/utils.js'

/** y coordinates of the points of small order, little-endian, without the sign bit: 0, 1, p-1 and the two of order 8. */
const SMALL_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]

/**
 * Whether every implementation reads this Ed25519 public key in the same way: 32 bytes, y below p, not of small order.
 * Implementations differ on the other encodings, and a member whose signature some accept and some refuse would split
 * a group; so we refuse them everywhere before any implementation is asked.
 */
export function isPlainEd25519Key(key: Uint8Array): boolean {
  if (key.length !== 32) return false
  const y = Uint8Array.from(key)
  y[31] = (y[31] ?? 0) & 0x7f
  return isBelowP(y) && !SMALL_ORDER.includes(bytesToHex(y))
}

function isBelowP(y: Uint8Array): boolean {
  if (y[31] !== 0x7f || (y[0] ?? 0) < 0xed) return true
  return y.subarray(1, 31).some((byte) => byte !== 0xff)
}
