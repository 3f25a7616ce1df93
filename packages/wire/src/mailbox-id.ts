import { sha256 } from '@noble/hashes/sha2.js'
import type { MailboxId } from '@sotto/interface'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import { toHex } from './hex.ts'

const LABEL = fromString('sotto/mailbox-id/1')

/** The id of the mailbox with these encoded MailboxParameters: SHA-256("sotto/mailbox-id/1" ‖ parameters). */
export function mailboxId(parameters: Uint8Array): MailboxId {
  return toHex(sha256(concat([LABEL, parameters])))
}
