import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { RandomBytes } from './keyring.ts'
import { StoreError } from './store-error.ts'

/**
 * Seals the secret columns once more, under a key that can be thrown away. `place` names the table, column and row, so
 * that a sealed value cannot be moved to another place.
 */
export interface Vault {
  seal(plain: Uint8Array, place: string): Uint8Array
  /** Throws {@link StoreError} `store-corrupt` for what was not sealed here. */
  open(sealed: Uint8Array, place: string): Uint8Array
}

const NONCE_BYTES = 24

/** XChaCha20-Poly1305 with a random nonce before the sealed bytes. */
export function keyVault(key: Uint8Array, randomBytes: RandomBytes): Vault {
  return {
    seal(plain, place) {
      const nonce = randomBytes(NONCE_BYTES)
      return concatBytes(nonce, xchacha20poly1305(key, nonce, utf8ToBytes(place)).encrypt(plain))
    },
    open(sealed, place) {
      try {
        const nonce = sealed.subarray(0, NONCE_BYTES)
        return xchacha20poly1305(key, nonce, utf8ToBytes(place)).decrypt(sealed.subarray(NONCE_BYTES))
      } catch (cause) {
        throw new StoreError('store-corrupt', undefined, { cause })
      }
    },
  }
}
