import { hkdf } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { fromString } from 'uint8arrays/from-string'

/**
 * HKDF-SHA-512 (RFC 5869). `label` names the secret and is the salt, `info` names what is wanted of it; both as UTF-8.
 * @param bytes - how many bytes are wanted. @default 32
 */
export function derive(secret: Uint8Array, label: string, info: string, bytes = 32): Uint8Array {
  return hkdf(sha512, secret, fromString(label), fromString(info), bytes)
}
