import { concatBytes } from '@noble/hashes/utils.js'
import type { Random } from '../sim-rules/random.ts'

/** Other bytes than these: some flipped, cut off, put on, left out, or doubled. */
export function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random(Math.max(1, bytes.length))
  switch (random(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return concatBytes(bytes, Uint8Array.of(random(256)))
    case 2:
      return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + random(64)))
    case 3:
      return concatBytes(bytes.subarray(0, at + 1), bytes.subarray(Math.max(0, at - random(64))))
    default:
      return flipped(random, bytes, 1 + random(4))
  }
}

function flipped(random: Random, bytes: Uint8Array, times: number): Uint8Array {
  const other = Uint8Array.from(bytes)
  let at = random(Math.max(1, bytes.length))
  for (let i = 0; i < times && other.length > 0; i++) {
    other[at] = (other[at] ?? 0) ^ (1 + random(255))
    at = (at + 1 + random(other.length)) % other.length
  }
  return isSame(other, bytes) ? bytes.subarray(1) : other
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
