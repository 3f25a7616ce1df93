import { utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeCommitData, encodeCommitData } from './commit-data.ts'
import type { GroupEngine } from './engine.ts'
import { costOf } from './fixtures/insider/cost.ts'
import { FACTOR } from './fixtures/insider/how-many.ts'
import { bob, engineFor, keyPackageOf, leafOf, must, pairOf, verify } from './fixtures/world.ts'
import {
  commit,
  decodeState,
  encodeState,
  join,
  open,
  processCommit,
  seal,
  welcomeRefs,
  type OwnKeyPackage,
} from './index.ts'

// Whatever bytes come, each door answers by a value and soon: 3,000 inputs a door, half arbitrary, half a good input
// with up to four bytes changed, cut or repeated. Doors that do public key work on changed inputs take fewer of those, and so does a browser.

const RUNS = 3000
const LIMIT_MS = 50

type Door = (bytes: Uint8Array) => Promise<{ ok: boolean }> | { ok: boolean }

let engine: GroupEngine
let pair: Awaited<ReturnType<typeof pairOf>>
let message: Uint8Array
let commitBytes: Uint8Array
let keyPackage: OwnKeyPackage
let added: Uint8Array

beforeAll(async () => {
  engine = await engineFor('decoders')
  pair = await pairOf(engine)
  message = (await seal(engine, pair.alice, utf8ToBytes('hello'))).message
  commitBytes = must(await commit(engine, pair.alice, {}, { opensGeneration: false })).commit
  keyPackage = await keyPackageOf(engine, leafOf('carol'))
  added =
    must(await commit(engine, pair.alice, { add: [keyPackage.public], verify }, { opensGeneration: false })).welcome ??
    added
})

function changedFrom(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const edit = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }))
  const edited = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const bytes = good.slice()
    for (const [at, value] of edits) bytes[at] = value
    return bytes
  })
  const cut = fc.nat({ max: good.length }).map((at) => good.slice(0, at))
  const repeated = fc.nat({ max: good.length }).map((at) => Uint8Array.from([...good, ...good.subarray(at)]))
  return fc.oneof({ arbitrary: edited, weight: 6 }, cut, repeated)
}

async function expectHolds(door: Door, inputs: fc.Arbitrary<Uint8Array>, numRuns: number): Promise<void> {
  const asked = async (bytes: Uint8Array) => {
    const answers = async () => {
      expect(typeof (await door(bytes)).ok).toBe('boolean')
    }
    expect(await costOf(answers, LIMIT_MS)).toBeLessThan(LIMIT_MS)
  }
  await fc.assert(fc.asyncProperty(inputs, asked), {
    numRuns: Math.ceil(numRuns * FACTOR),
    seed: 6,
    endOnFailure: true,
  })
}

const arbitrary = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  // What looks like an MLS message in front gets further in.
  fc.tuple(fc.constantFrom(1, 2, 3, 4, 5), fc.uint8Array({ maxLength: 400 })).map(([kind, rest]) => {
    return Uint8Array.of(0, 1, 0, kind, ...rest)
  }),
)

describe('every door answers every input by a value, in less than 50 ms of CPU', () => {
  const doors: { name: string; good: () => Uint8Array; door: Door; changed: number }[] = [
    { name: 'open', good: () => message, door: (bytes) => open(engine, pair.bob, bytes), changed: RUNS / 2 },
    {
      name: 'processCommit',
      good: () => commitBytes,
      door: (bytes) => processCommit(engine, pair.bob, bytes, { verify }),
      changed: RUNS / 2,
    },
    { name: 'welcomeRefs', good: () => added, door: (bytes) => welcomeRefs(bytes), changed: RUNS / 2 },
    {
      name: 'join',
      good: () => added,
      door: (welcome) => join(engine, { welcome, keyPackage, self: leafOf('carol'), verify }),
      changed: 200,
    },
    {
      name: 'commit (a key package)',
      good: () => keyPackage.public,
      door: (bytes) => commit(engine, pair.alice, { add: [bytes], verify }, { opensGeneration: false }),
      changed: 400,
    },
    { name: 'decodeState', good: () => encodeState(pair.bob), door: decodeState, changed: RUNS / 2 },
    {
      name: 'decodeCommitData',
      good: () => encodeCommitData({ opensGeneration: true, authenticatedData: bob.credential }),
      door: decodeCommitData,
      changed: RUNS / 2,
    },
  ]
  test.for(doors)('$name', async ({ good, door, changed }) => {
    await expectHolds(door, changedFrom(good()), changed)
    await expectHolds(door, arbitrary, RUNS - changed)
  })
})

test('what is larger than its limit is refused before it is looked at', async () => {
  const huge = new Uint8Array(2_097_153)
  expect(await open(engine, pair.bob, huge)).toEqual({ ok: false, reason: 'too-large' })
  expect(await processCommit(engine, pair.bob, huge, { verify })).toEqual({ ok: false, reason: 'too-large' })
  expect(welcomeRefs(huge)).toEqual({ ok: false, reason: 'too-large' })
  const added = await commit(engine, pair.alice, { add: [huge], verify }, { opensGeneration: false })
  expect(added).toEqual({ ok: false, reason: 'too-large' })
})

test('commit data is exact', () => {
  const data = fc.record({ opensGeneration: fc.boolean(), authenticatedData: fc.uint8Array({ maxLength: 50 }) })
  const roundTrip = (value: { opensGeneration: boolean; authenticatedData: Uint8Array }) => {
    expect(decodeCommitData(encodeCommitData(value))).toEqual({ ok: true, value })
  }
  fc.assert(fc.property(data, roundTrip), { seed: 7 })
  const exact = (bytes: Uint8Array) => {
    const decoded = decodeCommitData(bytes)
    if (decoded.ok) expect(encodeCommitData(decoded.value)).toEqual(bytes)
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), exact), { numRuns: 5000, seed: 8 })
})
