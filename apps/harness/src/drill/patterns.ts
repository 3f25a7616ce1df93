import { concat, fromString, toString } from 'uint8arrays'

/** Something that must not be found: a text, or the bytes of a key or an id. */
export interface Needle {
  readonly name: string
  readonly bytes: Uint8Array
  readonly isText: boolean
}

/** One way in which a needle, or a part of it, may lie somewhere. */
export interface Pattern {
  readonly needle: string
  readonly form: string
  readonly bytes: Uint8Array
}

/** Of long needles, the beginning, the middle and the end are looked for: a part that was left behind is a find, too. */
const PIECE_BYTES = 16
/** Anything shorter may stand somewhere by chance. */
const MIN_BYTES = 8
/** Base58 has no parts that stay the same in a longer text, and nobody writes long things in it. */
const MAX_BASE58_BYTES = 512
/** What stands before an Ed25519 key in the bytes of a peer id. */
const PEER_ID_PREFIX = fromString('002408011220', 'hex')

export function textNeedle(name: string, text: string): Needle {
  return { name, bytes: fromString(text), isText: true }
}

export function byteNeedle(name: string, bytes: Uint8Array): Needle {
  return { name, bytes, isText: false }
}

/** Every form of a needle: raw, hex, base64, base64url, base58, each as bytes and in UTF-16. */
export function patternsOf({ name, bytes, isText }: Needle): Pattern[] {
  if (bytes.length < MIN_BYTES) throw new RangeError(`${name} is too short to be looked for.`)
  const patterns: Pattern[] = []
  const add = (form: string, pattern: Uint8Array): void => void patterns.push({ needle: name, form, bytes: pattern })
  const addText = (form: string, text: string): void => {
    add(form, fromString(text))
    add(`${form} in utf-16`, utf16(text))
  }
  for (const piece of piecesOf(bytes)) {
    add('raw', piece)
    if (isText) add('utf-16', utf16(toString(piece)))
    addText('hex', toString(piece, 'hex'))
    addText('hex', toString(piece, 'hex').toUpperCase())
    for (const text of base64Of(piece, 'base64')) addText('base64', text)
    for (const text of base64Of(piece, 'base64url')) addText('base64url', text)
  }
  if (bytes.length <= MAX_BASE58_BYTES) addText('base58', toString(bytes, 'base58btc'))
  if (bytes.length === 32) addText('base58 of a peer id', toString(concat([PEER_ID_PREFIX, bytes]), 'base58btc'))
  return patterns
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length < 2 * PIECE_BYTES) return [bytes]
  const middle = Math.floor((bytes.length - PIECE_BYTES) / 2)
  return [0, middle, bytes.length - PIECE_BYTES].map((at) => bytes.slice(at, at + PIECE_BYTES))
}

/** The three texts that bytes can have within a longer base64 text, without the characters that depend on what stands beside them. */
export function base64Of(bytes: Uint8Array, alphabet: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].map((before) => {
    const text = toString(concat([new Uint8Array(before), bytes]), alphabet)
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(Math.ceil((before * 8) / 6), whole)
  })
}

export function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf16le'))
}
