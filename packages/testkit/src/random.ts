import { chacha20 } from '@noble/ciphers/chacha.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Random } from '@sotto/interface'

/** Random values that are the same for the same seed, everywhere. Never for keys that protect anything. */
export interface SeededRandom extends Random {
  /** From 0 up to, not including, `below` (at most 2^32). */
  integer(below: number): number
  /** True in about `share` of all calls, 0 to 1. */
  chance(share: number): boolean
  /** One of them; throws for an empty list. */
  pick<T>(values: readonly T[]): T
  /** An independent stream for a part of the test, so that parts do not disturb each other. */
  fork(name: string): SeededRandom
}

const NONCE = new Uint8Array(12)
const CHUNK_BYTES = 1024

export function seededRandom(seed: string | number): SeededRandom {
  const key = sha256(utf8ToBytes(`sotto testkit ${seed}`))
  let counter = 0
  let chunk = new Uint8Array(0)

  function bytes(length: number): Uint8Array {
    const result = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      if (chunk.length === 0) {
        chunk = chacha20(key, NONCE, new Uint8Array(CHUNK_BYTES), undefined, counter)
        counter += CHUNK_BYTES / 64
      }
      const part = chunk.subarray(0, length - filled)
      result.set(part, filled)
      chunk = chunk.subarray(part.length)
      filled += part.length
    }
    return result
  }

  function fraction(): number {
    const [a = 0, b = 0, c = 0, d = 0] = bytes(4)
    return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32
  }

  const integer = (below: number): number => Math.floor(fraction() * below)
  return {
    bytes,
    integer,
    chance: (share) => fraction() < share,
    pick(values) {
      if (values.length === 0) throw new RangeError('nothing to pick from')
      return values[integer(values.length)] as (typeof values)[number]
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  }
}
