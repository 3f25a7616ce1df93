import { sha512 } from '@noble/hashes/sha2.js'
import type { AccountId } from '@sotto/interface'
import { fromHex } from '@sotto/wire'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

const LABEL = fromString('sotto/safety-number/1')
/** How often each key is hashed: a second key with the same 30 digits costs that much more to search for. */
const ROUNDS = 5_200
const GROUPS = 6

/**
 * 60 digits that two people compare to know that they have each other's true account keys; both see the same.
 * Thirty digits for each key, the smaller first: hash = SHA-512(label ‖ key), then 5,199 times SHA-512(hash ‖ key); each
 * five bytes of the last hash, as a big-endian number modulo 100,000, give five digits.
 */
export function safetyNumber(a: AccountId, b: AccountId): string {
  return [digitsOf(fromHex(a)), digitsOf(fromHex(b))].sort().join('')
}

/** Twelve groups of five digits. */
export function formatSafetyNumber(digits: string): string {
  return digits.match(/.{1,5}/g)?.join(' ') ?? ''
}

function digitsOf(key: Uint8Array): string {
  let hash = sha512(concat([LABEL, key]))
  for (let round = 1; round < ROUNDS; round++) hash = sha512(concat([hash, key]))
  return Array.from({ length: GROUPS }, (_, group) => groupOf(hash.subarray(5 * group, 5 * group + 5))).join('')
}

function groupOf(bytes: Uint8Array): string {
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return String(number % 100_000).padStart(5, '0')
}
