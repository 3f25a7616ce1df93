import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex } from './hex.ts'
import { encodeSignedRecord } from './items.ts'
import { MAX_PACKED_RUN_BYTES, MAX_PACKED_THINGS, MAX_SIGNED_BODY_BYTES } from './limits.ts'
import { packThings, unpackThings } from './packed-log.ts'
import { thingIdOf } from './thing-id.ts'

const SIGNATURES = 64

/** Bytes that nothing has said before. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed * 2 + 1
  return Uint8Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16)
}

function recordOf(body: Uint8Array, seed: number): Uint8Array {
  return encodeSignedRecord({ body, device: noise(32, seed % 5), signature: noise(SIGNATURES, seed + 1_000) })
}

/** A log like those of groups: each names things before it, in a conversation, by one of a few devices. */
function logOf(size: number, names: number): Uint8Array[] {
  const ids: Uint8Array[] = []
  return Array.from({ length: size }, (_, at) => {
    const deps = Array.from(
      { length: Math.min(names, ids.length) },
      (__, back) => ids[ids.length - 1 - back * 3] ?? noise(32, 7),
    )
    const body = Uint8Array.from([...noise(32, 999), ...deps.flatMap((dep) => [0x2a, 32, ...dep]), at % 256, at >>> 8])
    ids.push(fromHex(thingIdOf(body)))
    return recordOf(body, at)
  })
}

test('the vectors of packed things hold', () => {
  const url = new URL('../../../spec/vectors/packed-things.json', import.meta.url)
  const { valid, invalid } = JSON.parse(readFileSync(url, 'utf8')) as Vectors
  expect(valid.length).toBeGreaterThan(1)
  for (const { name, entries, records } of valid)
    expect({ name, ...unpackThings(entries.map(fromHex)) }).toEqual({ name, ok: true, value: records.map(fromHex) })
  for (const { name, entries } of invalid)
    expect({ name, ok: unpackThings(entries.map(fromHex)).ok }).toEqual({ name, ok: false })
})

interface Vectors {
  readonly valid: readonly { readonly name: string; readonly entries: string[]; readonly records: string[] }[]
  readonly invalid: readonly { readonly name: string; readonly entries: string[] }[]
}

const sum = (all: readonly Uint8Array[]): number => all.reduce((total, { length }) => total + length, 0)

test('what is packed is unpacked as it was, whatever it is', () => {
  const body = fc.uint8Array({ minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(fc.array(fc.tuple(body, fc.nat({ max: 3 })), { minLength: 1, maxLength: 40 }), (parts) => {
      const records = parts.map(([bytes, seed], at) => recordOf(Uint8Array.from([...bytes, ...bytes]), seed + at))
      const all = [...records, ...records.slice(0, 3)]
      expect(unpackThings(packThings(all))).toEqual({ ok: true, value: all })
    }),
  )
  for (const records of [logOf(2_000, 4), [recordOf(noise(MAX_SIGNED_BODY_BYTES, 3), 3)]])
    expect(unpackThings(packThings(records))).toEqual({ ok: true, value: records })
})

test('a log costs a signature for each thing, and next to nothing for each one that it names', () => {
  for (const names of [1, 4, 64]) {
    const records = logOf(1_000, names)
    const packed = sum(packThings(records))
    // A signature, and next to nothing for each name.
    expect(packed / records.length).toBeLessThan(SIGNATURES + 40 + 5 * names)
  }
})

test('any bytes are a log or none, and never more than a log may have', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), fc.boolean(), (entries, isRun) => {
      const marked = entries.map((entry) => (isRun ? Uint8Array.from([1, ...entry]) : entry))
      const unpacked = unpackThings(marked)
      if (unpacked.ok) for (const record of unpacked.value) expect(record.length).toBeGreaterThan(0)
    }),
  )
  // One byte, and the same again a million times and more.
  const bomb = Uint8Array.from([1, 4, 0, ...varint(MAX_PACKED_RUN_BYTES * 4 + 1), 1])
  expect(unpackThings([bomb])).toEqual({ ok: false, reason: 'malformed' })
  const one = recordOf(noise(40, 1), 1)
  const [run = new Uint8Array()] = packThings(Array.from({ length: 3_000 }, () => one))
  const runs = Array.from({ length: MAX_PACKED_THINGS / 3_000 + 1 }, () => run)
  expect(unpackThings(runs.slice(1)).ok).toBe(true)
  expect(unpackThings(runs).ok).toBe(false)
})

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}
