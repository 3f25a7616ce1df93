import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { Random } from '@sotto/interface'
import { MAX_BLOB_BYTES } from '@sotto/wire'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

import type { LinkKeys } from './link-keys.ts'

const LABEL = fromString('sotto/blob/1')
const NONCE_BYTES = 24
const TAG_BYTES = 16
const BUCKET_BYTES = 4_096
const MAX_PADDED_BYTES = MAX_BLOB_BYTES - NONCE_BYTES - TAG_BYTES
const MARK = 0x80

/**
 * nonce ‖ XChaCha20-Poly1305(padded blob), with "sotto/blob/1" ‖ blob id as associated data. The padding (0x80, then
 * zeros, up to a multiple of 4,096 bytes) keeps the length of a name from a relay.
 */
export function sealBytes(blob: Uint8Array, { blobId, blobKey }: LinkKeys, random: Random): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES)
  return concat([nonce, xchacha20poly1305(blobKey, nonce, concat([LABEL, blobId])).encrypt(pad(blob))])
}

/** `undefined` when these bytes were not sealed with that link's keys. */
export function openBytes(sealed: Uint8Array, { blobId, blobKey }: LinkKeys): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES || sealed.length > MAX_BLOB_BYTES) return undefined
  const cipher = xchacha20poly1305(blobKey, sealed.subarray(0, NONCE_BYTES), concat([LABEL, blobId]))
  try {
    return unpad(cipher.decrypt(sealed.subarray(NONCE_BYTES)))
  } catch {
    return undefined // The library's only way to say that the tag is wrong.
  }
}

function pad(blob: Uint8Array): Uint8Array {
  const length = Math.min(Math.ceil((blob.length + 1) / BUCKET_BYTES) * BUCKET_BYTES, MAX_PADDED_BYTES)
  const padded = new Uint8Array(length)
  padded.set(blob)
  padded[blob.length] = MARK
  return padded
}

function unpad(padded: Uint8Array): Uint8Array | undefined {
  const mark = padded.findLastIndex((byte) => byte !== 0)
  return padded[mark] === MARK ? padded.subarray(0, mark) : undefined
}
