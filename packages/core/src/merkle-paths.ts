import { merkleRoot } from '@sotto/wire'

/** The paths of all leaves at once: what `merklePath` gives for each, in O(n log n) hashes for all together. */
export function merklePaths(ids: readonly Uint8Array[]): Uint8Array[][] {
  if (ids.length <= 1) return ids.map(() => [])
  let split = 1
  while (split * 2 < ids.length) split *= 2
  const [left, right] = [ids.slice(0, split), ids.slice(split)]
  const [leftRoot, rightRoot] = [merkleRoot(left), merkleRoot(right)]
  return [
    ...merklePaths(left).map((path) => [...path, rightRoot]),
    ...merklePaths(right).map((path) => [...path, leftRoot]),
  ]
}
