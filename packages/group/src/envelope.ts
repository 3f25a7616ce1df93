import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ok, refuse, SottoError, type InnerId, type RelayId, type Result } from '@sotto/interface'
import type { GenerationKeys } from './generation.ts'

/** Where an envelope travels: bound into it, so that one path's envelope is worth nothing on another. */
export type EnvelopePath = 'direct' | 'gossip' | `relay:${RelayId | string}`

/** One fragment of an inner item: what an envelope holds. */
export interface Fragment {
  readonly innerId: InnerId
  readonly index: number
  readonly count: number
  readonly bytes: Uint8Array
}

export type EnvelopeReason = 'malformed' | 'unknown-version' | 'undecryptable'

/** Bytes of an envelope at a relay. */
export const RELAY_SIZES: readonly number[] = [2048, 16_384]
/** Bytes of an envelope on a direct or gossip path. */
export const DIRECT_SIZES: readonly number[] = [512, 2048, 8192, 16_384, 65_536]
export const MAX_FRAGMENTS = 64

const VERSION = 1
const NONCE = 24
const TAG = 16
const INNER_ID = 32
/** inner id ‖ index u8 ‖ count u8 ‖ length u32 */
const HEAD = INNER_ID + 2 + 4

/** What an envelope of `size` bytes leaves for a fragment. */
export function roomIn(size: number): number {
  return size - (1 + NONCE + TAG + HEAD)
}

/** The sizes that a path allows. */
export function sizesOf(path: EnvelopePath): readonly number[] {
  return path.startsWith('relay:') ? RELAY_SIZES : DIRECT_SIZES
}

/**
 * Seals one fragment: version(1) ‖ nonce(24) ‖ XChaCha20-Poly1305 of the padded fragment, exactly `size` bytes.
 * The nonce is an HMAC of everything that decides the plaintext, so sealing again gives the same bytes: what is
 * re-sent is unchanged although no copy is kept. Throws `SottoError` when it does not fit or the size is not the path's.
 */
export function sealEnvelope(parts: { keys: GenerationKeys; path: EnvelopePath; size: number } & Fragment): Uint8Array {
  const { keys, path, size, innerId, index, count, bytes } = parts
  if (!sizesOf(path).includes(size) || bytes.length > roomIn(size) || !isPlace(index, count)) {
    throw new SottoError('bad-envelope', 'A fragment does not fit its envelope: split it for this size first.')
  }
  const place = concatBytes(hexToBytes(innerId), Uint8Array.of(index, count))
  const nonce = hmac(sha256, keys.nonce, concatBytes(framed(path), place, u32(size))).subarray(0, NONCE)
  const plaintext = new Uint8Array(size - (1 + NONCE + TAG))
  plaintext.set(concatBytes(place, u32(bytes.length), bytes))
  const sealed = xchacha20poly1305(keys.envelope, nonce, associated(keys, path)).encrypt(plaintext)
  return concatBytes(Uint8Array.of(VERSION), nonce, sealed)
}

/** Opens an envelope that came by `path`. Total and exact: wrong sizes and padding that is not zero are `malformed`. */
export function openEnvelope(parts: {
  keys: GenerationKeys
  path: EnvelopePath
  envelope: Uint8Array
}): Result<Fragment, EnvelopeReason> {
  const { keys, path, envelope } = parts
  if (!sizesOf(path).includes(envelope.length)) return refuse('malformed')
  if (envelope[0] !== VERSION) return refuse('unknown-version')
  const nonce = envelope.subarray(1, 1 + NONCE)
  let plaintext: Uint8Array
  try {
    plaintext = xchacha20poly1305(keys.envelope, nonce, associated(keys, path)).decrypt(envelope.subarray(1 + NONCE))
  } catch {
    return refuse('undecryptable')
  }
  return fragmentIn(plaintext)
}

function fragmentIn(plaintext: Uint8Array): Result<Fragment, EnvelopeReason> {
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength)
  const [index, count] = [view.getUint8(INNER_ID), view.getUint8(INNER_ID + 1)]
  const end = HEAD + view.getUint32(INNER_ID + 2)
  if (!isPlace(index, count) || end > plaintext.length) return refuse('malformed')
  if (plaintext.subarray(end).some((byte) => byte !== 0)) return refuse('malformed')
  const innerId = bytesToHex(plaintext.subarray(0, INNER_ID)) as InnerId
  return ok({ innerId, index, count, bytes: plaintext.slice(HEAD, end) })
}

function isPlace(index: number, count: number): boolean {
  return count >= 1 && count <= MAX_FRAGMENTS && index < count
}

function associated(keys: GenerationKeys, path: EnvelopePath): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION), keys.id, utf8ToBytes(path))
}

function framed(path: EnvelopePath): Uint8Array {
  const bytes = utf8ToBytes(path)
  return concatBytes(u32(bytes.length), bytes)
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
