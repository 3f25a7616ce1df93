import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/** Bytes in hexadecimal, as the vector files write them. */
export type HexText = string

export const fromHex: (text: HexText) => Uint8Array = hexToBytes

/** Throws, naming what was checked, unless it holds. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what}: does not hold`)
}

/** Throws, naming what was compared, unless the bytes are those of the vector. */
export function same(actual: Uint8Array, expected: HexText, what: string): void {
  const hex = bytesToHex(actual)
  if (hex !== expected)
    throw new Error(`${what}: computed ${hex.slice(0, 32)}…, the vector says ${expected.slice(0, 32)}…`)
}

/** Decodes with one of the library's decoders; trailing bytes are an error. */
export function whole<T>(decode: (bytes: Uint8Array, at: number) => [T, number] | undefined, hex: HexText): T {
  const bytes = fromHex(hex)
  const decoded = decode(bytes, 0)
  if (decoded === undefined || decoded[1] !== bytes.length) throw new Error('does not decode as a whole')
  return decoded[0]
}
