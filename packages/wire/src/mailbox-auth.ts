import { sha256 } from '@noble/hashes/sha2.js'
import type { RelayId } from '@sotto/interface'
import { fromString } from 'uint8arrays/from-string'

import { MAILBOX, signedBytes, u32 } from './labels.ts'

/** What each Auth of a Request signs: bound to that relay, that session, that request and that operation. */
export function mailboxAuthBytes(relay: RelayId, challenge: Uint8Array, id: number, op: Uint8Array): Uint8Array {
  return signedBytes(MAILBOX, fromString(relay), challenge, u32(id), sha256(op))
}
