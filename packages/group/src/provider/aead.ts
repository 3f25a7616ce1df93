import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { Hpke } from 'ts-mls/crypto/hpke.js'
import { CryptoError } from 'ts-mls/mlsError.js'

const EMPTY: Uint8Array = new Uint8Array()

/** ChaCha20-Poly1305 (RFC 8439) in the form in which MLS calls it. A wrong tag is a `CryptoError`. */
export const chachaAead: Pick<Hpke, 'encryptAead' | 'decryptAead' | 'keyLength' | 'nonceLength'> = {
  encryptAead: async (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad ?? EMPTY).encrypt(plaintext),
  decryptAead: async (key, nonce, aad, ciphertext) => {
    try {
      return chacha20poly1305(key, nonce, aad ?? EMPTY).decrypt(ciphertext)
    } catch {
      throw new CryptoError('The ciphertext does not open under this key')
    }
  },
  keyLength: 32,
  nonceLength: 12,
}
