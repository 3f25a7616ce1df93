import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { Kems } from '@sotto/interface'
import type { Kem } from './kem.ts'

/** `\./` over `/^\`, as draft-connolly-cfrg-xwing-kem has it. */
const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c)
const SEED = 32
const ML_KEM_SEED = 64
const ML_KEM_PUBLIC = 1184
const ML_KEM_CIPHERTEXT = 1088
const X25519_KEY = 32

/** X-Wing (X25519 and ML-KEM-768 in one) over the two that it is made of. Private keys are seeds of 32 bytes. */
export function xWing({ x25519, mlKem768 }: Kems): Kem {
  return {
    id: 0x647a,
    privateKeyLength: SEED,
    randomness: 2 * SEED,
    derivePrivateKey: (ikm) => shake256(ikm, { dkLen: SEED }),
    async publicKey(seed) {
      const { mlKem, x } = expand(seed)
      return concatBytes(await mlKem768.publicKey(mlKem), await x25519.publicKey(x))
    },
    async encapsulate(publicKey, randomness) {
      if (publicKey.length !== ML_KEM_PUBLIC + X25519_KEY) throw new Error('not an X-Wing public key')
      const [theirMlKem, theirX] = [publicKey.subarray(0, ML_KEM_PUBLIC), publicKey.subarray(ML_KEM_PUBLIC)]
      const ephemeral = randomness.subarray(SEED)
      const encX = await x25519.publicKey(ephemeral)
      const sharedX = await x25519.shared(ephemeral, theirX)
      const { ciphertext, shared } = await mlKem768.encapsulate(theirMlKem, randomness.subarray(0, SEED))
      return { shared: combine(shared, sharedX, encX, theirX), enc: concatBytes(ciphertext, encX) }
    },
    async decapsulate(seed, enc) {
      if (enc.length !== ML_KEM_CIPHERTEXT + X25519_KEY) throw new Error('not an X-Wing ciphertext')
      const { mlKem, x } = expand(seed)
      const encX = enc.subarray(ML_KEM_CIPHERTEXT)
      const shared = await mlKem768.decapsulate(mlKem, enc.subarray(0, ML_KEM_CIPHERTEXT))
      return combine(shared, await x25519.shared(x, encX), encX, await x25519.publicKey(x))
    },
  }
}

function expand(seed: Uint8Array): { mlKem: Uint8Array; x: Uint8Array } {
  if (seed.length !== SEED) throw new Error('not an X-Wing private key')
  const expanded = shake256(seed, { dkLen: ML_KEM_SEED + X25519_KEY })
  return { mlKem: expanded.subarray(0, ML_KEM_SEED), x: expanded.subarray(ML_KEM_SEED) }
}

function combine(sharedM: Uint8Array, sharedX: Uint8Array, encX: Uint8Array, publicX: Uint8Array): Uint8Array {
  return sha3_256(concatBytes(sharedM, sharedX, encX, publicX, LABEL))
}
