import { sha256 } from '@noble/hashes/sha2.js'
import { ok, refuse, type AccountId, type Address, type Result } from '@sotto/interface'
import { decodeInvitationLink, encodeInvitationLink, fromHex, MAX_LINK_CHARACTERS } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { addressToBytes, bytesToAddress } from './address.ts'

const SCHEME = 'sotto:'

/**
 * Why a text is no invitation. `not-a-link`: nothing in it looks like one; `malformed`: it was cut or changed;
 * `unknown-version`: made by a newer Sotto; `bad-relay`: it names a relay that cannot be one.
 */
export type LinkReason = 'not-a-link' | 'malformed' | 'unknown-version' | 'bad-relay'

/** What a link says. Whoever has it can read the invitation's blob and knock, so it is secret. */
export interface InvitationLinkRecord {
  readonly relays: readonly Address[]
  /** SHA-256 of the inviter's account key. */
  readonly accountHash: Uint8Array
  /** 16 bytes. */
  readonly secret: Uint8Array
  /** The encoded InvitationLink; the blob names its hash. */
  readonly payload: Uint8Array
}

/** What a new link is made of: at most three relays, and 16 random bytes. */
export interface LinkParts {
  readonly relays: readonly Address[]
  readonly account: AccountId
  readonly secret: Uint8Array
}

/** The record of a new link. Throws {@link WireError} or {@link IdentityError} for parts that no link can have. */
export function createLink({ relays, account, secret }: LinkParts): InvitationLinkRecord {
  const accountHash = sha256(fromHex(account))
  const payload = encodeInvitationLink({ version: 1, relays: relays.map(addressToBytes), accountHash, secret })
  return { relays, accountHash, secret, payload }
}

/**
 * The text of a link: `sotto:PAYLOAD`, or `BASE#i=PAYLOAD` when a page's address is given (what follows `#` never
 * leaves the browser). PAYLOAD is base64url without padding.
 */
export function formatLink({ payload }: Pick<InvitationLinkRecord, 'payload'>, base: string = SCHEME): string {
  const text = toString(payload, 'base64url')
  return base === SCHEME ? SCHEME + text : `${base.split('#', 1)[0]}#i=${text}`
}

/** {@link createLink}, then {@link formatLink}. */
export function encodeLink(parts: LinkParts, base?: string): string {
  return formatLink(createLink(parts), base)
}

/** Reads any text that a person may paste: with any page's address, with `sotto:`, or the bare payload. Total. */
export function decodeLink(text: string): Result<InvitationLinkRecord, LinkReason> {
  if (text.length > MAX_LINK_CHARACTERS) return refuse('not-a-link')
  const found = payloadOf(text.trim())
  if (found === undefined || !/^[\w-]+$/.test(found)) return refuse('not-a-link')
  const payload = base64urlToBytes(found)
  if (payload === undefined) return refuse('malformed')
  const decoded = decodeInvitationLink(payload)
  if (!decoded.ok) return refuse(decoded.reason === 'unknown-version' ? 'unknown-version' : 'malformed')
  const relays: Address[] = []
  for (const bytes of decoded.value.relays) {
    const address = bytesToAddress(bytes)
    if (!address.ok) return refuse('bad-relay')
    relays.push(address.value)
  }
  return ok({ relays, accountHash: decoded.value.accountHash, secret: decoded.value.secret, payload })
}

function payloadOf(text: string): string | undefined {
  const hash = text.indexOf('#')
  if (hash !== -1)
    return new Map(
      text
        .slice(hash + 1)
        .split('&')
        .map(parameterOf),
    ).get('i')
  return text.slice(0, SCHEME.length).toLowerCase() === SCHEME ? text.slice(SCHEME.length) : text
}

function parameterOf(parameter: string): [string, string] {
  const [name = '', ...value] = parameter.split('=')
  return [name, value.join('=')]
}

/** Exact: a text whose last character carries stray bits is refused, so that one payload has one text. */
function base64urlToBytes(text: string): Uint8Array | undefined {
  try {
    const bytes = fromString(text, 'base64url')
    return toString(bytes, 'base64url') === text ? bytes : undefined
  } catch {
    return undefined // The library's only way to say that this is no base64url.
  }
}
