import { fromString, toString } from 'uint8arrays'

/** Where each part of a link ends, counted from its end. The fields are relay addresses, account hash (32 bytes), secret (16). */
const LAST_BYTE = { secret: -1, account: -1 - 16 - 2, relay: -1 - 16 - 2 - 32 - 2 } as const

/** A link that somebody has changed in one bit of that part. */
export function forged(link: string, part: 'secret' | 'account' | 'relay'): string {
  const [scheme = '', payload = ''] = link.split(':')
  const bytes = fromString(payload, 'base64url')
  const at = bytes.length + LAST_BYTE[part]
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return `${scheme}:${toString(bytes, 'base64url')}`
}
