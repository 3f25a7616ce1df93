import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { InnerId } from '@sotto/interface'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fragment } from './envelope.ts'
import { EMPTY_REASSEMBLY, roomIn, splitInner, takeFragment, type Reassembly } from './index.ts'
import { MAX_INCOMPLETE, MAX_INCOMPLETE_BYTES } from './reassembly.ts'

function fragmentsOf(inner: Uint8Array, size = 512): readonly Fragment[] {
  const split = splitInner(inner, size)
  if (!split.ok) throw new Error(split.reason)
  return split.value
}

function takeAll(fragments: readonly Fragment[], from: Reassembly = EMPTY_REASSEMBLY) {
  let reassembly = from
  const complete: { innerId: InnerId; inner: Uint8Array }[] = []
  const refused: string[] = []
  for (const fragment of fragments) {
    const { next, result } = takeFragment(reassembly, fragment)
    reassembly = next
    if (!result.ok) refused.push(result.reason)
    else if (result.value.type === 'complete') complete.push(result.value)
  }
  return { reassembly, complete, refused }
}

test('any two items come together from their fragments in any order', () => {
  const items = fc.tuple(fc.uint8Array({ minLength: 1500, maxLength: 4000 }), fc.uint8Array({ maxLength: 2000 }))
  const orders = items.chain((pair) => {
    const all = pair.flatMap((inner) => fragmentsOf(inner))
    return fc.tuple(fc.constant(pair), fc.shuffledSubarray(all, { minLength: all.length }))
  })
  const whole = ([pair, order]: [[Uint8Array, Uint8Array], Fragment[]]) => {
    const { complete, refused, reassembly } = takeAll(order)
    expect(refused).toEqual([])
    expect(reassembly.items).toEqual([])
    const ids = new Set(pair.map((inner) => bytesToHex(sha256(inner))))
    expect(new Set(complete.map((item) => bytesToHex(sha256(item.inner))))).toEqual(ids)
    expect(complete.every((item) => item.innerId === bytesToHex(sha256(item.inner)))).toBe(true)
  }
  fc.assert(fc.property(orders, whole), { numRuns: 200, seed: 5 })
})

test('a false fragment spoils one attempt, not the item', () => {
  const good = fragmentsOf(new Uint8Array(1000).fill(3))
  const [first, ...rest] = good as [Fragment, ...Fragment[]]
  const lie = { ...first, bytes: first.bytes.map((byte) => byte ^ 1) }
  expect(takeAll([lie, ...rest]).refused).toEqual(['mismatch'])
  expect(takeAll([lie, ...rest, ...good]).complete).toHaveLength(1)
  expect(takeAll([lie, ...good]).complete).toHaveLength(1) // the later one holds
  const otherCount = { ...first, count: first.count + 1 }
  const { complete, reassembly } = takeAll([otherCount, ...good])
  expect(complete).toHaveLength(1)
  expect(reassembly.items).toEqual([])
})

test('at most 32 incomplete items are kept, and the oldest gives way', () => {
  const items = Array.from({ length: MAX_INCOMPLETE + 1 }, (_, i) => fragmentsOf(utf8ToBytes(`${i}`.repeat(600))))
  const starts = items.map((fragments) => fragments[0] as Fragment)
  const { reassembly } = takeAll(starts)
  expect(reassembly.items).toHaveLength(MAX_INCOMPLETE)
  const rest = (i: number) => (items[i] as Fragment[]).slice(1)
  expect(takeAll(rest(0), reassembly).complete).toHaveLength(0)
  expect(takeAll(rest(1), reassembly).complete).toHaveLength(1)
})

test('and at most 8 MiB', () => {
  const parts = Array.from({ length: 5 }, (_, i) =>
    fragmentsOf(new Uint8Array(40 * roomIn(65_536)).fill(i), 65_536).slice(0, 39),
  )
  const { reassembly } = takeAll(parts.flat())
  const bytes = reassembly.items.flatMap((item) => [...item.parts.values()]).reduce((sum, part) => sum + part.length, 0)
  expect(bytes).toBeLessThanOrEqual(MAX_INCOMPLETE_BYTES)
  expect(reassembly.items.length).toBeGreaterThan(1)
})
