import { sha256 } from '@noble/hashes/sha2.js'
import {
  ok,
  refuse,
  type AccountId,
  type Crypto,
  type DeviceId,
  type MailboxKey,
  type MailboxParams,
  type Random,
  type Result,
} from '@sotto/interface'
import {
  decodeInvitationBlob,
  decodeInvitationBody,
  encodeInvitationBlob,
  encodeInvitationBody,
  fromHex,
  INVITATION,
  signedBytes,
  type InvitationBody,
} from '@sotto/wire'
import { equals } from 'uint8arrays/equals'

import { openBytes, sealBytes } from './blob-seal.ts'
import { verifyChain, type VerifiedChain } from './chain.ts'
import { knockParams, linkKeys, type LinkKeys } from './link-keys.ts'
import type { InvitationLinkRecord } from './link.ts'

/**
 * Why there is no invitation. `undecryptable`: the relay gave other bytes, or the link was changed; `malformed`: sealed
 * with the link's key, but no invitation; `forged`: a signature or certificate is wrong; `wrong-account`: someone else's
 * than the link says; `wrong-link`: made for another link; `expired`.
 */
export type InvitationReason = 'undecryptable' | 'malformed' | 'forged' | 'wrong-account' | 'wrong-link' | 'expired'

/** What the inviter puts into the blob. */
export interface InvitationParts {
  readonly link: InvitationLinkRecord
  /** The inviter's name, as shown to the invited. */
  readonly name: string
  /** Encoded DeviceChain of the device that invites, and its key's seed. */
  readonly chain: Uint8Array
  readonly deviceSeed: Uint8Array
  /** One for each use. */
  readonly keyPackages: readonly Uint8Array[]
  readonly knockReadKey: Uint8Array
  readonly uses: number
  /** Seconds since 1970. */
  readonly expiresAt: number
  readonly powBits: number
}

/** What the invited learns, after all checks. */
export interface Invitation {
  readonly name: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly chain: Uint8Array
  readonly keyPackages: readonly Uint8Array[]
  /** Seconds since 1970. */
  readonly expiresAt: number
  /** Where to knock, and with which key. */
  readonly knock: { readonly params: MailboxParams; readonly writeKey: MailboxKey }
}

/** The bytes that the inviter leaves at the relays under the link's blob id. */
export async function sealBlob(
  crypto: Crypto,
  { random, ...parts }: InvitationParts & { readonly random: Random },
): Promise<Uint8Array> {
  const { link, deviceSeed, keyPackages, ...rest } = parts
  const body = encodeInvitationBody({ ...rest, keyPackages: [...keyPackages], invitation: sha256(link.payload) })
  const signature = await crypto.ed25519.sign(deviceSeed, signedBytes(INVITATION, body))
  return sealBytes(encodeInvitationBlob({ body, signature }), linkKeys(link.secret), random)
}

/**
 * Opens what a relay says is the blob of a link, and trusts it in nothing.
 * @param now - milliseconds since 1970
 */
export async function openBlob(
  crypto: Crypto,
  { sealed, link, now }: { sealed: Uint8Array; link: InvitationLinkRecord; now: number },
): Promise<Result<Invitation, InvitationReason>> {
  const keys = linkKeys(link.secret)
  const opened = openBytes(sealed, keys)
  if (opened === undefined) return refuse('undecryptable')
  const blob = decodeInvitationBlob(opened)
  const body = blob.ok ? decodeInvitationBody(blob.value.body) : blob
  if (!blob.ok || !body.ok) return refuse('malformed')
  const chain = await verifyChain(crypto, body.value.chain)
  if (!chain.ok) return refuse('forged')
  if (!equals(sha256(fromHex(chain.value.account)), link.accountHash)) return refuse('wrong-account')
  const signed = signedBytes(INVITATION, blob.value.body)
  if (!(await crypto.ed25519.verify(fromHex(chain.value.device), signed, blob.value.signature))) return refuse('forged')
  if (!equals(body.value.invitation, sha256(link.payload))) return refuse('wrong-link')
  if (body.value.expiresAt * 1_000 <= now) return refuse('expired')
  return ok(await invitationOf(crypto, body.value, chain.value, keys))
}

async function invitationOf(
  crypto: Crypto,
  body: InvitationBody,
  { account, device }: VerifiedChain,
  { knockWriteSeed }: LinkKeys,
): Promise<Invitation> {
  const { name, chain, keyPackages, knockReadKey, uses, expiresAt, powBits } = body
  const publicKey = await crypto.ed25519.publicKey(knockWriteSeed)
  const params = knockParams({ readKey: knockReadKey, writeKey: publicKey, uses, expiresAt, powBits })
  return {
    name,
    account,
    device,
    chain,
    keyPackages,
    expiresAt,
    knock: { params, writeKey: { publicKey, seed: knockWriteSeed } },
  }
}
