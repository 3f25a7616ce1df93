import { decodeLink, linkKeys, openBlob, type Invitation, type InvitationLinkRecord } from '@sotto/identity'
import type { Relay, RelayRefusal } from '@sotto/interface'
import type { Context } from '../context.ts'
import { invitationError, relayError, unreachableError, type ClientError } from '../errors.ts'
import { isReached } from '../mail/reach.ts'

/** A link that reads as one, or a thrown `invitation-…`. */
export function readLink(text: string): InvitationLinkRecord {
  const link = decodeLink(text)
  if (!link.ok) throw invitationError(link.reason)
  return link.value
}

/**
 * The invitation behind a link, from the first of its relays that has it, with everything about it checked.
 * Throws `invitation-…` or `relay-…`. Tells nobody but the relay, and the relay only that this blob was read.
 */
export async function fetchInvitation(
  context: Context,
  link: InvitationLinkRecord,
  options: { signal: AbortSignal },
): Promise<{ invitation: Invitation; relays: Relay[] }> {
  const relays = link.relays.map((address) => context.transport.relay(address))
  let problem: ClientError | undefined
  for (const relay of relays) {
    if (!(await isReached(context.clock, relay, options))) {
      problem = worse(problem, unreachableError(relay))
      continue
    }
    const blob = await relay.getBlob(linkKeys(link.secret).blobId, options)
    if (!blob.ok) {
      problem = worse(problem, refusalError(blob.reason))
      continue
    }
    const opened = await openBlob(context.crypto, { sealed: blob.value, link, now: context.clock.now() })
    if (opened.ok) return { invitation: opened.value, relays }
    problem = worse(problem, invitationError(opened.reason))
  }
  throw problem ?? relayError('unreachable')
}

function refusalError(refusal: RelayRefusal): ClientError {
  return refusal === 'unknown' || refusal === 'expired' ? invitationError('unknown') : relayError(refusal)
}

/** What a person should hear when several relays failed: that something was wrong rather than that nobody answered. */
function worse(before: ClientError | undefined, now: ClientError): ClientError {
  return before !== undefined && now.code.startsWith('relay-') ? before : now
}
