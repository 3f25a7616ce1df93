import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'

import { WireError } from './errors.ts'

/** Lower-case hex. The caller names the brand, which is its claim of what these bytes are: `const id: EventId = toHex(bytes)`. */
export function toHex<Id extends string = string>(bytes: Uint8Array): Id {
  return toString(bytes, 'base16') as Id
}

/** Bytes of lower-case hex. Throws {@link WireError} for anything else: check a person's or peer's text with {@link isHex} first. */
export function fromHex(text: string): Uint8Array {
  if (!isHex(text)) throw new WireError('bad-argument', 'Hex has an even number of the digits 0-9 and a-f.')
  return fromString(text, 'base16')
}

/** Whether a text is lower-case hex, of that many bytes if `bytes` is given. */
export function isHex(text: string, bytes?: number): boolean {
  if (bytes !== undefined && text.length !== 2 * bytes) return false
  return text.length % 2 === 0 && /^[0-9a-f]*$/.test(text)
}
