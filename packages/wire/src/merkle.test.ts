import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { unhex, vectors } from '../test/vectors.ts'
import { merklePath, merkleRoot, toHex, verifyMerklePath, WireError } from './index.ts'

const { valid, invalid } = vectors<
  { ids: string[]; root: string; paths: string[][] },
  { name: string; root: string; id: string; index: number; count: number; path: string[] }
>('merkle')

describe('spec/vectors/merkle.json', () => {
  it.each(valid)('$root', ({ ids, root, paths }) => {
    const leaves = ids.map(unhex)
    expect(toHex(merkleRoot(leaves))).toBe(root)
    for (const [index, id] of leaves.entries()) {
      const path = merklePath(leaves, index)
      expect(path.map((hash) => toHex(hash))).toEqual(paths[index])
      expect(verifyMerklePath({ root: unhex(root), id, index, count: ids.length, path })).toBe(true)
    }
  })

  it.each(invalid)('refuses $name', ({ root, id, index, count, path }) => {
    expect(verifyMerklePath({ root: unhex(root), id: unhex(id), index, count, path: path.map(unhex) })).toBe(false)
  })
})

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 })

it('every leaf of every tree has a path, and no other leaf passes with it', () => {
  const leaves = fc.uniqueArray(leaf, { minLength: 1, maxLength: 40, selector: (id) => toHex(id) })
  fc.assert(
    fc.property(leaves, fc.nat(), fc.nat(), (ids, first, second) => {
      const [index, elsewhere] = [first % ids.length, second % ids.length]
      const proof = { root: merkleRoot(ids), index, count: ids.length, path: merklePath(ids, index) }
      expect(verifyMerklePath({ ...proof, id: ids[index] ?? new Uint8Array() })).toBe(true)
      expect(verifyMerklePath({ ...proof, id: ids[elsewhere] ?? new Uint8Array() })).toBe(elsewhere === index)
    }),
    { seed: 20_261_125, numRuns: 200 },
  )
})

it('is total for any claim, also of absurd counts', () => {
  const claim = fc.record({
    root: fc.uint8Array({ maxLength: 40 }),
    id: fc.uint8Array({ maxLength: 40 }),
    index: fc.oneof(fc.integer(), fc.double()),
    count: fc.oneof(fc.integer(), fc.double(), fc.constant(Number.MAX_SAFE_INTEGER)),
    path: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }),
  })
  fc.assert(
    fc.property(claim, (proof) => {
      expect(verifyMerklePath(proof)).toBe(false)
    }),
    { seed: 20_261_125, numRuns: 2_000 },
  )
})

it('has no empty tree', () => {
  expect(() => merkleRoot([])).toThrow(WireError)
  expect(() => merklePath([new Uint8Array(32)], 1)).toThrow(WireError)
})
