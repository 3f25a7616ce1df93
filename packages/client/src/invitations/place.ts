import { knockParams, linkKeys } from '@sotto/identity'
import type { Change, InvitationId, MailboxKey, Relay, RelayResult, Rows } from '@sotto/interface'
import type { Context } from '../context.ts'
import { mailboxKeyOf } from '../mail/mailboxes.ts'

/** About 65,000 hashes for each envelope of a knock. */
export const KNOCK_POW_BITS = 16

/** Seed of the key that owns the blob: derived from the read key's, which never leaves this device. */
export function knockReadKey(
  { crypto }: Context,
  { knockSeed }: Pick<Rows['invitations'], 'knockSeed'>,
): Promise<MailboxKey> {
  return mailboxKeyOf(crypto, knockSeed)
}

/** The write that keeps an invitation's sealed blob, until nobody needs it: a relay may lose it, or be reached only later. */
export function keepBlob(invitation: InvitationId, bytes: Uint8Array): Change {
  return { put: 'meta', row: { key: keyOf(invitation), value: bytes } }
}

export function dropBlob(invitation: InvitationId): Change {
  return { delete: 'meta', key: [keyOf(invitation)] }
}

/** Leaves an invitation at a relay: the mailbox for hellos and the blob. Safe to repeat. */
export async function place(
  context: Context,
  row: Rows['invitations'],
  relay: Relay,
  options?: { signal: AbortSignal },
): Promise<RelayResult<void>> {
  const kept = await context.store.get('meta', [keyOf(row.invitation)])
  // Made by the first version, which kept no blob: it is at the relay, or nowhere.
  if (kept === undefined) return { ok: true, value: undefined }
  const readKey = await knockReadKey(context, row)
  const keys = linkKeys(row.secret)
  const writeKey = await mailboxKeyOf(context.crypto, keys.knockWriteSeed)
  const expiresAt = Math.floor(row.expiresAt / 1000)
  const limits = { uses: row.uses, expiresAt, powBits: KNOCK_POW_BITS }
  const knock = knockParams({ readKey: readKey.publicKey, writeKey: writeKey.publicKey, ...limits })
  const created = await relay.create(knock, readKey, options)
  if (!created.ok) return created
  return relay.putBlob({ id: keys.blobId, ownerKey: readKey, bytes: kept.value, expiresAt }, options)
}

/** Leaves it there again if the relay has lost it, or never had it: its maker may have ended in the midst of that. */
export async function placeAgain(context: Context, row: Rows['invitations'], relay: Relay): Promise<void> {
  const found = await relay.getBlob(linkKeys(row.secret).blobId)
  if (!found.ok && found.reason === 'unknown') await place(context, row, relay)
}

function keyOf(invitation: InvitationId): string {
  return `invitation blob ${invitation}`
}
