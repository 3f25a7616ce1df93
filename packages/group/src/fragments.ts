import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type InnerId, type Result } from '@sotto/interface'
import { MAX_FRAGMENTS, roomIn, sizesOf, type EnvelopePath, type Fragment } from './envelope.ts'
import type { GenerationKeys } from './generation.ts'

const TAG = 16

/** Cuts an inner item into fragments for envelopes of `size` bytes; `too-large` above 64 of them (send a blob then). */
export function splitInner(inner: Uint8Array, size: number): Result<readonly Fragment[], 'too-large'> {
  const room = roomIn(size)
  const count = Math.max(1, Math.ceil(inner.length / room))
  if (count > MAX_FRAGMENTS) return refuse('too-large')
  const innerId = bytesToHex(sha256(inner)) as InnerId
  const fragments = Array.from({ length: count }, (_, index) => ({
    innerId,
    index,
    count,
    bytes: inner.slice(index * room, (index + 1) * room),
  }))
  return ok(fragments)
}

/** The smallest size of a path into which an inner item fits whole, else the path's largest. */
export function sizeFor(innerLength: number, path: EnvelopePath): number {
  const sizes = sizesOf(path)
  return sizes.find((size) => innerLength <= roomIn(size)) ?? Math.max(...sizes)
}

/**
 * The tag of one fragment at one relay (16 bytes): equal for equal items, so that a reader fetches each body once, from
 * one relay, and a PUT can be repeated. Relays cannot match each other's tags.
 */
export function tagOf(keys: GenerationKeys, relayId: string, innerId: InnerId, index: number): Uint8Array {
  const relay = sha256(utf8ToBytes(relayId))
  return hmac(sha256, keys.tag, concatBytes(relay, hexToBytes(innerId), Uint8Array.of(index))).subarray(0, TAG)
}
