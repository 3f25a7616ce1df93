import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** Values whose order of keys is that of their making: what is encoded here is read here only. */
export type Content = Readonly<Record<string, unknown>>

/** Bytes of a kind: content in the clear, and a digest that only holders of `secret` can make. */
export function wrap(kind: string, secret: Uint8Array, content: Content): Uint8Array {
  const body = JSON.stringify(content)
  return utf8ToBytes(JSON.stringify({ kind, digest: digestOf(kind, secret, body), body }))
}

/** The content as it claims to be; `isWhole` tells under which secret it was made. Nothing for bytes that are not of the kind. */
export function unwrap(
  kind: string,
  bytes: Uint8Array,
): { readonly content: Content; isWhole(secret: Uint8Array): boolean } | undefined {
  const outer = parsed(bytes)
  if (outer?.['kind'] !== kind || Object.keys(outer).length !== 3) return undefined
  const { digest, body } = outer
  if (typeof body !== 'string' || typeof digest !== 'string') return undefined
  const content = parsed(utf8ToBytes(body))
  return content && { content, isWhole: (secret) => digestOf(kind, secret, body) === digest }
}

function parsed(bytes: Uint8Array): Content | undefined {
  try {
    const value: unknown = JSON.parse(textOf(bytes))
    // Only what has one form: no surplus spaces or keys twice.
    if (
      typeof value !== 'object' ||
      value === null ||
      bytesToHex(utf8ToBytes(JSON.stringify(value))) !== bytesToHex(bytes)
    )
      return undefined
    return value as Content
  } catch {
    return undefined
  }
}

/** All that is written here is hex and numbers: ASCII. */
function textOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function digestOf(kind: string, secret: Uint8Array, body: string): string {
  return bytesToHex(hash(kind, secret, utf8ToBytes(body)))
}

/** A value that follows from others and from nothing else. */
export function hash(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${label}\n`), ...parts.map((part) => sha256(part))))
}

/** Hex of even length, or nothing. */
export function bytesIn(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' && /^([0-9a-f]{2})*$/.test(value) ? hexToBytes(value) : undefined
}
