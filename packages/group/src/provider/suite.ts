import { sha512 } from '@noble/hashes/sha2.js'
import type { Crypto, Random } from '@sotto/interface'
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls/crypto/ciphersuite.js'
import { hashOf, kdfOf } from './hash.ts'
import { hpkeOf } from './hpke.ts'
import type { Kem } from './kem.ts'
import { isXWingPublicKey } from './x-wing-key.ts'

/** Sotto's cipher suite, 0xf00e in the private use range of RFC 9420 section 17.1. */
export const SUITE_NAME: CiphersuiteName = 'MLS_256_XWING_CHACHA20POLY1305_SHA512_Ed25519'

const SEED = 32

/** The suite's cryptography on our ports. Signature keys are 32-byte Ed25519 seeds. */
export function sottoSuite({ crypto, random, kem }: { crypto: Crypto; random: Random; kem: Kem }): CiphersuiteImpl {
  const { ed25519 } = crypto
  return {
    name: SUITE_NAME,
    hash: hashOf(sha512),
    kdf: kdfOf(sha512),
    hpke: hpkeOf(kem, random, isXWingPublicKey),
    rng: { randomBytes: (length) => random.bytes(length) },
    signature: {
      sign: async (seed, message) => ed25519.sign(seed, message),
      verify: async (key, message, signature) => ed25519.verify(key, message, signature),
      async keygen() {
        const signKey = random.bytes(SEED)
        return { signKey, publicKey: await ed25519.publicKey(signKey) }
      },
    },
  }
}
