import { concatBytes } from '@noble/hashes/utils.js'

/** A small seeded generator (mulberry32): the same seed gives the same inputs everywhere. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bytes of a random length, sometimes with the look of records. */
export function randomBytes(random: () => number, maxLength: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(random() * maxLength))
  const small = random() < 0.5
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * (small ? 48 : 256))
  return bytes
}

/** One to four of the things that happen to bytes: flipped bits, cut, doubled, moved, mixed with another message's. */
export function mutate(random: () => number, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let mutated = Uint8Array.from(bytes)
  for (let step = Math.floor(random() * 4); step >= 0; step--) mutated = once(random, mutated, other)
  return mutated
}

function once(random: () => number, bytes: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = Math.floor(random() * (bytes.length + 1))
  const end = Math.min(bytes.length, at + Math.floor(random() * 40))
  const before = bytes.subarray(0, at)
  const span = bytes.subarray(at, end)
  switch (Math.floor(random() * 8)) {
    case 0:
      return Uint8Array.from(before)
    case 1:
      return concatBytes(before, bytes.subarray(end))
    case 2:
      return concatBytes(before, span, span, bytes.subarray(end))
    case 3:
      return concatBytes(before, randomBytes(random, 12), bytes.subarray(at))
    case 4:
      return concatBytes(before, other.subarray(Math.min(at, other.length)))
    case 5:
      return concatBytes(bytes, other)
    default: {
      const flipped = Uint8Array.from(bytes)
      if (flipped.length > 0) flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << (random() * 8))
      return flipped
    }
  }
}
