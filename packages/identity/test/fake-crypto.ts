import { ed25519 } from '@noble/curves/ed25519.js'
import type { Crypto, Random } from '@sotto/interface'

/** The Crypto port on @noble/curves, and the number of signatures that it has checked. */
export function fakeCrypto(): Crypto & { readonly checks: () => number } {
  let checks = 0
  return {
    checks: () => checks,
    ed25519: {
      publicKey: (seed) => ed25519.getPublicKey(seed),
      sign: (seed, message) => ed25519.sign(message, seed),
      verify(key, message, signature) {
        checks++
        try {
          return ed25519.verify(signature, message, key, { zip215: false })
        } catch {
          return false
        }
      },
    },
  }
}

/** Bytes that count up from the seed: the same in every run. */
export function fakeRandom(seed: number): Random {
  let next = seed
  return { bytes: (length) => Uint8Array.from({ length }, () => (next = (next * 73 + 41) % 251)) }
}

export function randomOf(bytes: Uint8Array): Random {
  return { bytes: (length) => bytes.slice(0, length) }
}
