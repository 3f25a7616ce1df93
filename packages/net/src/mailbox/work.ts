import type { Clock } from '@sotto/interface'
import { MAX_POW_BITS, solvePow, type Work } from '@sotto/wire'

/** About 5 ms of hashing, after which whatever else waits has its turn. */
const TRIES_PER_SLICE = 4_000

/**
 * Finds the nonce of an entry's proof of work without holding up anything else.
 * @returns `undefined` when the mailbox asks for more than the protocol allows, or the signal aborted
 */
export async function workFor(
  work: Work,
  bits: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (bits > MAX_POW_BITS) return undefined
  for (let from = 0; from < 2 ** 32; from += TRIES_PER_SLICE) {
    if (signal?.aborted === true) return undefined
    const nonce = solvePow(work, bits, from, TRIES_PER_SLICE)
    if (nonce !== undefined) return nonce
    await new Promise<void>((resolve) => clock.after(0, resolve))
  }
  return undefined
}
