import { x25519 } from '@noble/curves/ed25519.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { Kems } from '@sotto/interface'

/** X25519 and ML-KEM-768 in plain JavaScript. All randomness is the caller's. */
export const nobleKems: Kems = {
  x25519: {
    publicKey: (secretKey) => x25519.getPublicKey(secretKey),
    // Throws for a point of small order, as every platform does.
    shared: (secretKey, publicKey) => x25519.getSharedSecret(secretKey, publicKey),
  },
  mlKem768: {
    publicKey: (seed) => ml_kem768.keygen(seed).publicKey,
    encapsulate(publicKey, randomness) {
      const { cipherText: ciphertext, sharedSecret: shared } = ml_kem768.encapsulate(publicKey, randomness)
      return { ciphertext, shared }
    },
    decapsulate: (seed, ciphertext) => ml_kem768.decapsulate(ciphertext, ml_kem768.keygen(seed).secretKey),
  },
}
