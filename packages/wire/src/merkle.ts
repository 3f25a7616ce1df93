import { sha256 } from '@noble/hashes/sha2.js'
import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'

import { WireError } from './errors.ts'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** A claim that an id is the one at `index` among `count` under a root. */
export interface MerkleProof {
  readonly root: Uint8Array
  readonly id: Uint8Array
  readonly index: number
  readonly count: number
  readonly path: readonly Uint8Array[]
}

/** Root over event ids in their order (RFC 9162 section 2.1.1). Throws {@link WireError} when there are none. */
export function merkleRoot(ids: readonly Uint8Array[]): Uint8Array {
  const [first] = ids
  if (first === undefined) throw new WireError('bad-argument', 'A Merkle tree has at least one leaf.')
  if (ids.length === 1) return leafHash(first)
  const split = splitOf(ids.length)
  return nodeHash(merkleRoot(ids.slice(0, split)), merkleRoot(ids.slice(split)))
}

/** The hashes beside the way from the leaf at `index` to the root, lowest first (RFC 9162 section 2.1.3.1). */
export function merklePath(ids: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= ids.length) {
    throw new WireError('bad-argument', 'A Merkle path leads to one of the leaves.')
  }
  if (ids.length === 1) return []
  const split = splitOf(ids.length)
  return index < split
    ? [...merklePath(ids.slice(0, split), index), merkleRoot(ids.slice(split))]
    : [...merklePath(ids.slice(split), index - split), merkleRoot(ids.slice(0, split))]
}

/** Whether the claim holds. Total, and its cost is that of the path that such a count must have. */
export function verifyMerklePath({ root, id, index, count, path }: MerkleProof): boolean {
  if (!Number.isInteger(index) || !Number.isInteger(count) || index < 0 || index >= count) return false
  const turns = turnsTo(index, count)
  if (turns.length !== path.length) return false
  let hash = leafHash(id)
  for (const [step, sibling] of path.entries()) {
    if (sibling.length !== 32) return false
    hash = turns[step] === 'left' ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
  }
  return equals(hash, root)
}

/** On which side the leaf lies at each level, lowest first. */
function turnsTo(index: number, count: number): ('left' | 'right')[] {
  const turns: ('left' | 'right')[] = []
  let [at, size] = [index, count]
  while (size > 1) {
    const split = splitOf(size)
    turns.unshift(at < split ? 'left' : 'right')
    ;[at, size] = at < split ? [at, split] : [at - split, size - split]
  }
  return turns
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

function leafHash(id: Uint8Array): Uint8Array {
  return sha256(concat([LEAF, id]))
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat([NODE, left, right]))
}
