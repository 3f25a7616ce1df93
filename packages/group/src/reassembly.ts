import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { ok, refuse, type InnerId, type Result } from '@sotto/interface'
import type { Fragment } from './envelope.ts'

/** Items of which some fragments are here, oldest first. Bounded: the oldest incomplete item gives way. */
export interface Reassembly {
  readonly items: readonly Incomplete[]
}

interface Incomplete {
  readonly innerId: InnerId
  readonly count: number
  readonly parts: ReadonlyMap<number, Uint8Array>
}

export type Reassembled =
  | { readonly type: 'complete'; readonly innerId: InnerId; readonly inner: Uint8Array }
  | { readonly type: 'waiting'; readonly missing: number }

/** Incomplete items, and their bytes in all, that are kept at once. */
export const MAX_INCOMPLETE = 32
export const MAX_INCOMPLETE_BYTES = 8_388_608

export const EMPTY_REASSEMBLY: Reassembly = { items: [] }

/**
 * Takes in one fragment. Fragments come in any order and more than once; an item is complete when all are here and
 * SHA-256 of the whole is its id. `mismatch`: the parts do not make the item; it is dropped and must come again. Of two
 * fragments for one place the later one holds, so that a member who sends a false one first blocks nobody for good.
 */
export function takeFragment(
  reassembly: Reassembly,
  fragment: Fragment,
): { readonly next: Reassembly; readonly result: Result<Reassembled, 'mismatch'> } {
  const { innerId, index, count, bytes } = fragment
  const before = reassembly.items.find((item) => item.innerId === innerId && item.count === count)
  const others = reassembly.items.filter((item) => item !== before)
  const parts = new Map(before?.parts).set(index, bytes)
  if (parts.size < count) {
    const next = { items: bounded([...others, { innerId, count, parts }]) }
    return { next, result: ok({ type: 'waiting', missing: count - parts.size }) }
  }
  const inner = concatBytes(...Array.from({ length: count }, (_, i) => parts.get(i) ?? new Uint8Array()))
  const isWhole = bytesToHex(sha256(inner)) === innerId
  // A complete item also ends attempts at it under another count.
  const items = isWhole ? others.filter((item) => item.innerId !== innerId) : others
  return { next: { items }, result: isWhole ? ok({ type: 'complete', innerId, inner }) : refuse('mismatch') }
}

function bounded(items: readonly Incomplete[]): readonly Incomplete[] {
  let kept = items.slice(-MAX_INCOMPLETE)
  while (kept.length > 1 && bytesOf(kept) > MAX_INCOMPLETE_BYTES) kept = kept.slice(1)
  return kept
}

function bytesOf(items: readonly Incomplete[]): number {
  return items.reduce((sum, item) => sum + [...item.parts.values()].reduce((n, part) => n + part.length, 0), 0)
}
