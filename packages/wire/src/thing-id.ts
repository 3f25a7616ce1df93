import { sha256 } from '@noble/hashes/sha2.js'
import type { ThingId } from '@sotto/interface'

import { toHex } from './hex.ts'

/** The name of a control thing: SHA-256 over its encoded ControlThing, as it was signed. */
export function thingIdOf(body: Uint8Array): ThingId {
  return toHex(sha256(body))
}
