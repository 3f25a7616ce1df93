import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type Decoded } from '@sotto/interface'
import type { GenerationKeys } from './generation.ts'

const NONCE = 24

/**
 * Seals what goes with a Welcome where others, who are out by now, can read: only who joins by the Welcome learns the generation whose keys these
 * are. `nonce` are 24 fresh random bytes.
 */
export function sealBeside(
  { welcome }: Pick<GenerationKeys, 'welcome'>,
  nonce: Uint8Array,
  bytes: Uint8Array,
): Uint8Array {
  return concatBytes(nonce, xchacha20poly1305(welcome, nonce).encrypt(bytes))
}

/** What was sealed so. Total. */
export function openBeside({ welcome }: Pick<GenerationKeys, 'welcome'>, sealed: Uint8Array): Decoded<Uint8Array> {
  if (sealed.length < NONCE) return refuse('malformed')
  try {
    return ok(xchacha20poly1305(welcome, sealed.subarray(0, NONCE)).decrypt(sealed.subarray(NONCE)))
  } catch {
    return refuse('malformed')
  }
}
