import { sha256 } from '@noble/hashes/sha2.js'
import type { InnerId } from '@sotto/interface'

import { toHex } from './hex.ts'

/** The name of an encoded Inner over all paths, known before any key is used: its SHA-256. */
export function innerIdOf(inner: Uint8Array): InnerId {
  return toHex(sha256(inner))
}
