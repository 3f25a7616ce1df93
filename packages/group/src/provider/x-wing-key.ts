import { bytesToHex } from '@noble/hashes/utils.js'

/** Length of an X-Wing public key: ML-KEM-768 (1,184) and X25519 (32). */
const X_WING_PUBLIC_KEY = 1216

const COEFFICIENT_BYTES = 1152
const Q = 3329

/** u coordinates of the points of small order of Curve25519 and its twist below 2^255, little-endian. With them no secret is shared. */
const SMALL_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

/**
 * Whether these bytes are an X-Wing public key that everybody can encrypt to: the right length, and every ML-KEM
 * coefficient below q (the modulus check of FIPS 203, section 7.2), and no X25519 point of small order (RFC 7748, section
 * 6.1). Without this check one member could put a key into the tree that makes every other member's next commit fail.
 */
export function isXWingPublicKey(key: Uint8Array): boolean {
  if (key.length !== X_WING_PUBLIC_KEY) return false
  for (let i = 0; i < COEFFICIENT_BYTES; i += 3) {
    const [a = 0, b = 0, c = 0] = [key[i], key[i + 1], key[i + 2]]
    if ((a | ((b & 0x0f) << 8)) >= Q || ((b >> 4) | (c << 4)) >= Q) return false
  }
  return !hasSmallOrder(key.subarray(X_WING_PUBLIC_KEY - 32))
}

function hasSmallOrder(u: Uint8Array): boolean {
  const masked = Uint8Array.from(u)
  masked[31] = (masked[31] ?? 0) & 0x7f
  return SMALL_ORDER.includes(bytesToHex(masked))
}
