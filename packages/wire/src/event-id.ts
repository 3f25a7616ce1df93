import { sha256 } from '@noble/hashes/sha2.js'
import type { EventId } from '@sotto/interface'
import { concat } from 'uint8arrays/concat'

import { WireError } from './errors.ts'
import { toHex } from './hex.ts'

/** SHA-256 of an encoded EventHeader, exactly as it was received. */
export function eventIdOf(header: Uint8Array): EventId {
  return toHex(sha256(header))
}

/** SHA-256(salt ‖ body). The salt (32 random bytes) keeps a short body from being guessed once it has been deleted. */
export function bodyHash(salt: Uint8Array, body: Uint8Array): Uint8Array {
  if (salt.length !== 32) throw new WireError('bad-argument', "A body's salt has 32 bytes.")
  return sha256(concat([salt, body]))
}
