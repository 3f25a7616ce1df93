import { readFileSync } from 'node:fs'

/** A file of `spec/vectors`: cases that every implementation accepts, and cases that it refuses. */
export interface Vectors<Valid, Invalid> {
  readonly about: string
  readonly valid: readonly Valid[]
  readonly invalid: readonly Invalid[]
}

export function vectors<Valid, Invalid, More = unknown>(name: string): Vectors<Valid, Invalid> & More {
  const file = new URL(`../../../spec/vectors/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Vectors<Valid, Invalid> & More
}

/** Bytes of hex in pieces with spaces between, where `PIECE*N` stands for N times that piece. */
export function unhex(text: string): Uint8Array {
  const pieces = text.split(' ').map((piece) => {
    const [hex = '', times = '1'] = piece.split('*')
    return hex.repeat(Number(times))
  })
  return Uint8Array.from(Buffer.from(pieces.join(''), 'hex'))
}
