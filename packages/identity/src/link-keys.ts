import type { MailboxParams } from '@sotto/interface'

import { derive } from './derive.ts'
import { IdentityError } from './errors.ts'

const LABEL = 'sotto/link/1'

/** What a link's secret gives to everyone who has the link. */
export interface LinkKeys {
  /** Where the blob lies at the relays (32 bytes). */
  readonly blobId: Uint8Array
  /** What the blob is sealed with (32 bytes). */
  readonly blobKey: Uint8Array
  /** Ed25519 seed of the knock mailbox's write key. */
  readonly knockWriteSeed: Uint8Array
}

/** The transport keys of knocks stand in for a generation: its 16-byte id and 32-byte secret. */
export interface KnockGeneration {
  readonly id: Uint8Array
  readonly secret: Uint8Array
}

export function linkKeys(secret: Uint8Array): LinkKeys {
  assertLinkSecret(secret)
  return {
    blobId: derive(secret, LABEL, 'blob id'),
    blobKey: derive(secret, LABEL, 'blob key'),
    knockWriteSeed: derive(secret, LABEL, 'knock write key'),
  }
}

/** A knock travels in relay envelopes under these keys, as a conversation's items do under its generation's. */
export function knockGeneration(secret: Uint8Array): KnockGeneration {
  assertLinkSecret(secret)
  return {
    id: derive(secret, LABEL, 'knock generation id', 16),
    secret: derive(secret, LABEL, 'knock generation secret'),
  }
}

/** The knock mailbox of an invitation. `expiresAt` in seconds since 1970. */
export function knockParams(knock: {
  readKey: Uint8Array
  writeKey: Uint8Array
  uses: number
  expiresAt: number
  powBits: number
}): MailboxParams {
  const { readKey, writeKey, uses, expiresAt, powBits } = knock
  return { lane: 'knock', readKey, writeKeys: [writeKey], capacity: uses, expiresAt, powBits }
}

function assertLinkSecret(secret: Uint8Array): void {
  if (secret.length !== 16) throw new IdentityError('bad-argument', "A link's secret has 16 bytes.")
}
