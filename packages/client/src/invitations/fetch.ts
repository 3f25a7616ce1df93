import { decodeLink, linkKeys, openBlob, type Invitation, type InvitationLinkRecord } from '@sotto/identity'
import type { Relay, RelayRefusal } from '@sotto/interface'
import type { Context } from '../context.ts'
import { ClientError, invitationError, relayError, slowError, unreachableError } from '../errors.ts'
import { isReached } from '../mail/reach.ts'

/** A link that reads as one, or a thrown `invitation-…`. */
export function readLink(text: string): InvitationLinkRecord {
  const link = decodeLink(text)
  if (!link.ok) throw invitationError(link.reason)
  return link.value
}

/**
 * The invitation behind a link, from whichever of its relays gives it first, with everything about it checked.
 * Throws `invitation-…` or `relay-…`. Tells nobody but these relays, and them only that this blob was read.
 */
export async function fetchInvitation(
  context: Context,
  link: InvitationLinkRecord,
  options: { signal: AbortSignal },
): Promise<{ invitation: Invitation; relays: Relay[] }> {
  const relays = link.relays.map((address) => context.transport.relay(address))
  const enough = new AbortController()
  const signal = AbortSignal.any([options.signal, enough.signal])
  try {
    // One that is dead or silent must not use up the time of the others.
    const invitation = await Promise.any(relays.map((relay) => fetchFrom(context, relay, link, { signal })))
    return { invitation, relays }
  } catch (error) {
    throw error instanceof AggregateError ? worst(error.errors) : error
  } finally {
    enough.abort()
  }
}

async function fetchFrom(
  context: Context,
  relay: Relay,
  link: InvitationLinkRecord,
  options: { signal: AbortSignal },
): Promise<Invitation> {
  if (!(await isReached(context.clock, relay, options))) throw unreachableError(relay)
  const blob = await relay.getBlob(linkKeys(link.secret).blobId, options)
  if (!blob.ok) throw blob.reason === 'unreachable' && relay.reachable ? slowError() : refusalError(blob.reason)
  const opened = await openBlob(context.crypto, { sealed: blob.value, link, now: context.clock.now() })
  if (!opened.ok) throw invitationError(opened.reason)
  return opened.value
}

function refusalError(refusal: RelayRefusal): ClientError {
  return refusal === 'unknown' || refusal === 'expired' ? invitationError('unknown') : relayError(refusal)
}

/** What a person should hear when several relays failed: that something was wrong rather than that nobody answered. */
function worst(errors: readonly unknown[]): unknown {
  // What failed on this machine comes before what others answered.
  const own = errors.find((error) => !(error instanceof ClientError))
  const wrong = errors.find((error) => error instanceof ClientError && !error.code.startsWith('relay-'))
  return own ?? wrong ?? errors[0] ?? relayError('unreachable')
}
