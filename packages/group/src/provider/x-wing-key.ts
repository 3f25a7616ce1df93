/** Length of an X-Wing public key: ML-KEM-768 (1,184) and X25519 (32). */
const X_WING_PUBLIC_KEY = 1216

const COEFFICIENT_BYTES = 1152
const Q = 3329

/**
 * Whether these bytes are an X-Wing public key that everybody can encrypt to: the right length, and every ML-KEM
 * coefficient below q (the modulus check of FIPS 203, section 7.2). Without this check one member could put a key into
 * the tree that makes every other member's next commit fail.
 */
export function isXWingPublicKey(key: Uint8Array): boolean {
  if (key.length !== X_WING_PUBLIC_KEY) return false
  for (let i = 0; i < COEFFICIENT_BYTES; i += 3) {
    const [a = 0, b = 0, c = 0] = [key[i], key[i + 1], key[i + 2]]
    if ((a | ((b & 0x0f) << 8)) >= Q || ((b >> 4) | (c << 4)) >= Q) return false
  }
  return true
}
