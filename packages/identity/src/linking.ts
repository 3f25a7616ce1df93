import { ok, refuse, type Address, type DeviceId, type MailboxParams, type Result } from '@sotto/interface'
import { decodeDeviceCode, encodeDeviceCode, fromHex, MAX_LINK_CHARACTERS, toHex } from '@sotto/wire'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { addressToBytes, bytesToAddress } from './address.ts'
import { derive } from './derive.ts'
import type { LinkReason } from './link.ts'

const SCHEME = 'sotto-device:'
const LABEL = 'sotto/linking/1'
/** An offer, a key package, a bundle, and as many again, should one of the two begin anew. */
const CAPACITY = 8

/** What a new device shows. Whoever has it can answer in the account's place until it expires, so it is shown to oneself only. */
export interface DeviceLink {
  readonly relays: readonly Address[]
  /** The new device. */
  readonly device: DeviceId
  /** 16 bytes. */
  readonly secret: Uint8Array
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** What the code's secret gives to both: the mailbox's keys (Ed25519 seeds), and what stands in for a generation's secret. */
export interface LinkingKeys {
  readonly readSeed: Uint8Array
  readonly writeSeed: Uint8Array
  readonly generation: Uint8Array
}

/** `sotto-device:PAYLOAD`, PAYLOAD in base64url without padding. */
export function encodeDeviceLink({ relays, device, secret, expiresAt }: DeviceLink): string {
  const payload = encodeDeviceCode({
    version: 1,
    relays: relays.map(addressToBytes),
    device: fromHex(device),
    secret,
    expiresAt,
  })
  return SCHEME + toString(payload, 'base64url')
}

/** Reads what a person types or scans. Total. */
export function decodeDeviceLink(text: string): Result<DeviceLink, LinkReason> {
  const trimmed = text.trim()
  const found = trimmed.toLowerCase().startsWith(SCHEME) ? trimmed.slice(SCHEME.length) : trimmed
  if (text.length > MAX_LINK_CHARACTERS || !/^[\w-]+$/.test(found)) return refuse('not-a-link')
  const decoded = decodeDeviceCode(bytesOf(found))
  if (!decoded.ok) return refuse(decoded.reason === 'unknown-version' ? 'unknown-version' : 'malformed')
  const { device, secret, expiresAt } = decoded.value
  const relays = decoded.value.relays.map((bytes) => bytesToAddress(bytes))
  if (!relays.every((relay) => relay.ok)) return refuse('bad-relay')
  return ok({
    relays: relays.map(({ value }) => value),
    device: toHex<DeviceId>(device),
    secret: secret.slice(),
    expiresAt,
  })
}

export function linkingKeys(secret: Uint8Array): LinkingKeys {
  return {
    readSeed: derive(secret, LABEL, 'read key'),
    writeSeed: derive(secret, LABEL, 'write key'),
    generation: derive(secret, LABEL, 'generation secret'),
  }
}

/** The mailbox in which the two devices talk until the new one is in. `expiresAt` in seconds since 1970. */
export function linkingParams(mailbox: {
  readKey: Uint8Array
  writeKey: Uint8Array
  expiresAt: number
  powBits: number
}): MailboxParams {
  const { readKey, writeKey, expiresAt, powBits } = mailbox
  return { lane: 'knock', readKey, writeKeys: [writeKey], capacity: CAPACITY, expiresAt, powBits }
}

function bytesOf(text: string): Uint8Array {
  try {
    const bytes = fromString(text, 'base64url')
    return toString(bytes, 'base64url') === text ? bytes : new Uint8Array()
  } catch {
    return new Uint8Array() // The library's only way to say that this is no base64url.
  }
}
