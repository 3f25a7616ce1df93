import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { DeviceId, InnerId } from '@sotto/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DIRECT_SIZES,
  generationFrom,
  generationKeys,
  mailboxKeys,
  openEnvelope,
  RELAY_SIZES,
  roomIn,
  sealEnvelope,
  sizeFor,
  splitInner,
  tagOf,
  type EnvelopePath,
} from './index.ts'

const secret = sha256(utf8ToBytes('generation'))
const keys = generationKeys(secret)
const RELAY = 'relay:12D3KooWA' as const
const paths: { path: EnvelopePath; sizes: readonly number[] }[] = [
  { path: RELAY, sizes: RELAY_SIZES },
  { path: 'direct', sizes: DIRECT_SIZES },
  { path: 'gossip', sizes: DIRECT_SIZES },
]

function fragmentOf(bytes: Uint8Array) {
  return { innerId: bytesToHex(sha256(bytes)) as InnerId, index: 0, count: 1, bytes }
}

describe('an envelope', () => {
  test('has exactly its size, opens on its path, and is the same when it is sealed again', () => {
    for (const { path, sizes } of paths) {
      for (const size of sizes) {
        for (const length of [0, 1, roomIn(size)]) {
          const fragment = fragmentOf(new Uint8Array(length).fill(7))
          const envelope = sealEnvelope({ keys, path, size, ...fragment })
          expect(envelope.length).toBe(size)
          expect(sealEnvelope({ keys, path, size, ...fragment })).toEqual(envelope)
          expect(openEnvelope({ keys, path, envelope })).toEqual({ ok: true, value: fragment })
        }
        const tooMuch = fragmentOf(new Uint8Array(roomIn(size) + 1))
        expect(() => sealEnvelope({ keys, path, size, ...tooMuch })).toThrow(/does not fit/)
      }
    }
    const small = fragmentOf(new Uint8Array(1))
    expect(() => sealEnvelope({ keys, path: RELAY, size: 512, ...small })).toThrow(/does not fit/)
    expect(() => sealEnvelope({ keys, path: RELAY, size: 2048, ...small, index: 64, count: 65 })).toThrow(
      /does not fit/,
    )
  })

  test('is worth nothing on another path, under another generation, or with any byte changed', () => {
    const fragment = fragmentOf(utf8ToBytes('hello'))
    const envelope = sealEnvelope({ keys, path: RELAY, size: 2048, ...fragment })
    const refused = { ok: false, reason: 'undecryptable' }
    expect(openEnvelope({ keys, path: 'relay:12D3KooWB', envelope })).toEqual(refused)
    expect(openEnvelope({ keys, path: 'direct', envelope })).toEqual(refused)
    const other = generationKeys(sha256(secret))
    expect(openEnvelope({ keys: other, path: RELAY, envelope })).toEqual(refused)
    for (let at = 0; at < envelope.length; at++) {
      const changed = envelope.map((byte, i) => (i === at ? byte ^ 0x10 : byte))
      expect(openEnvelope({ keys, path: RELAY, envelope: changed }).ok).toBe(false)
    }
  })

  test('never has the nonce of another: path, item, place and size all count', () => {
    const fragment = fragmentOf(utf8ToBytes('hello'))
    const nonces = [
      sealEnvelope({ keys, path: RELAY, size: 2048, ...fragment }),
      sealEnvelope({ keys, path: RELAY, size: 16_384, ...fragment }),
      sealEnvelope({ keys, path: 'direct', size: 2048, ...fragment }),
      sealEnvelope({ keys, path: RELAY, size: 2048, ...fragment, count: 2 }),
      sealEnvelope({ keys, path: RELAY, size: 2048, ...fragment, count: 2, index: 1 }),
      sealEnvelope({ keys, path: RELAY, size: 2048, ...fragmentOf(utf8ToBytes('other')) }),
    ].map((envelope) => bytesToHex(envelope.subarray(1, 25)))
    expect(new Set(nonces).size).toBe(nonces.length)
  })
})

test('an item fits the smallest size that holds it, or is split for the largest', () => {
  expect(sizeFor(0, 'direct')).toBe(512)
  expect(sizeFor(roomIn(512), 'direct')).toBe(512)
  expect(sizeFor(roomIn(512) + 1, 'direct')).toBe(2048)
  expect(sizeFor(roomIn(2048) + 1, RELAY)).toBe(16_384)
  expect(sizeFor(1_000_000, RELAY)).toBe(16_384)
  expect(sizeFor(1_000_000, 'direct')).toBe(65_536)
})

test('splitting keeps every byte, in at most 64 fragments', () => {
  const split = (length: number, size: number) => {
    const inner = new Uint8Array(length).map((_, i) => i)
    const result = splitInner(inner, size)
    if (!result.ok) return result.reason
    expect(result.value.flatMap((f) => [...f.bytes])).toEqual([...inner])
    expect(result.value.every((f, i) => f.index === i && f.count === result.value.length)).toBe(true)
    return result.value.length
  }
  const room = roomIn(2048)
  expect(split(0, 2048)).toBe(1)
  expect(split(room, 2048)).toBe(1)
  expect(split(room + 1, 2048)).toBe(2)
  expect(split(64 * room, 2048)).toBe(64)
  expect(split(64 * room + 1, 2048)).toBe('too-large')
})

test('keys, ids, tags and mailboxes differ by everything that they are for', () => {
  const device = (name: string) => bytesToHex(sha256(utf8ToBytes(name))) as DeviceId
  const item = (name: string) => device(name) as unknown as InnerId
  const all = [
    ...Object.values(keys),
    generationKeys(sha256(secret)).envelope,
    ...Object.values(mailboxKeys(secret, 'A', 'content')),
    ...Object.values(mailboxKeys(secret, 'B', 'content')),
    ...Object.values(mailboxKeys(secret, 'A', 'control', device('x'))),
    mailboxKeys(secret, 'A', 'control', device('y')).write,
    tagOf(keys, 'A', item('x'), 0),
    tagOf(keys, 'B', item('x'), 0),
    tagOf(keys, 'A', item('y'), 0),
    tagOf(keys, 'A', item('x'), 1),
  ].map(bytesToHex)
  expect(new Set(all).size).toBe(all.length)
  const [x, y] = [mailboxKeys(secret, 'A', 'control', device('x')), mailboxKeys(secret, 'A', 'control', device('y'))]
  expect(x.read).toEqual(y.read) // all read the whole lane
  expect(bytesToHex(keys.id)).toBe(generationFrom(secret).id)
  expect([keys.id.length, tagOf(keys, 'A', item('x'), 0).length]).toEqual([16, 16])
})

test('the derivations are what they were: other versions must find the same mailboxes', () => {
  const found = {
    id: generationFrom(secret).id as string,
    envelope: bytesToHex(keys.envelope),
    read: bytesToHex(mailboxKeys(secret, '12D3KooWA', 'content').read),
    sealed: bytesToHex(sha256(sealEnvelope({ keys, path: RELAY, size: 2048, ...fragmentOf(utf8ToBytes('x')) }))),
  }
  expect(found).toMatchInlineSnapshot(`
    {
      "envelope": "6f3e0eb38ad02017049442a4ba211493c58e6cdd19067e989b44f5c8d75459ca",
      "id": "a68453be7e9a77c9aa8fe801a20ae0a3",
      "read": "4801f71dbfb344831fa4c3b8900cba24c47cbcdc569ab7d73bc28a89ee5e4844",
      "sealed": "35f21ee89a1367f3a8b8e6f5a0b526cfade0495298c723e9edfe47fedacb6879",
    }
  `)
})

test('10,000 arbitrary and changed envelopes are refused by a value', () => {
  const good = sealEnvelope({ keys, path: 'direct', size: 512, ...fragmentOf(utf8ToBytes('x')) })
  const arbitrary = fc.uint8Array({ maxLength: 600 })
  const changed = fc.tuple(fc.nat({ max: 511 }), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
    return good.map((byte, i) => (i === at ? byte ^ by : byte))
  })
  const refused = (envelope: Uint8Array) => {
    expect(openEnvelope({ keys, path: 'direct', envelope }).ok).toBe(false)
  }
  fc.assert(fc.property(fc.oneof(arbitrary, changed), refused), { numRuns: 10_000, seed: 4 })
})
