import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Ed25519 } from '@sotto/interface'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../fixtures/world.ts'
import { isPlainEd25519Key } from './ed25519-key.ts'
import { nobleCrypto } from './noble-crypto.ts'
import { platformCrypto } from './platform-crypto.ts'

const platform = platformCrypto(globalThis.crypto.subtle).ed25519
const noble = nobleCrypto.ed25519
const { Point } = ed25519
const random = seededRandom('ed25519')

/** One answer from both, or the difference. */
async function verdict(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean | string> {
  const ask = (implementation: Ed25519) => implementation.verify(key, message, signature)
  const [a, b] = [await ask(platform), await ask(noble)]
  return a === b ? a : `platform says ${a}, noble says ${b}`
}

test("both make the same keys and signatures, and accept each other's", async () => {
  for (let i = 0; i < 50; i++) {
    const [seed, message] = [random.bytes(32), random.bytes(i)]
    const key = await platform.publicKey(seed)
    expect(await noble.publicKey(seed)).toEqual(key)
    const signature = await platform.sign(seed, message)
    expect(await noble.sign(seed, message)).toEqual(signature)
    expect(await verdict(key, message, signature)).toBe(true)
  }
})

test('RFC 8032, test 3', async () => {
  const seed = hexToBytes('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7')
  const key = hexToBytes('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')
  const signature = hexToBytes(
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  )
  expect(await platform.publicKey(seed)).toEqual(key)
  expect(await platform.sign(seed, hexToBytes('af82'))).toEqual(signature)
  expect(await verdict(key, hexToBytes('af82'), signature)).toBe(true)
})

test('both refuse the same changed signatures, keys and messages', async () => {
  const [seed, message] = [random.bytes(32), utf8ToBytes('message')]
  const key = await platform.publicKey(seed)
  const signature = await platform.sign(seed, message)
  const changed = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 63 }), fc.integer({ min: 1, max: 255 }))
  const refused = async ([what, at, by]: [number, number, number]) => {
    const parts = [key, message, signature].map((part, i) =>
      i === what ? part.map((byte, j) => (j === at % part.length ? byte ^ by : byte)) : part,
    ) as [Uint8Array, Uint8Array, Uint8Array]
    expect(await verdict(...parts)).toBe(false)
  }
  await fc.assert(fc.asyncProperty(changed, refused), { numRuns: 300, seed: 2 })
  for (const length of [0, 31, 33, 63, 65]) {
    const resized = new Uint8Array(length)
    resized.set(signature.subarray(0, length))
    expect(await verdict(key, message, resized)).toBe(false)
    expect(await verdict(new Uint8Array(length), message, signature)).toBe(false)
  }
  // s + L is the same scalar in another encoding.
  const s = numberOf(signature.subarray(32)) + Point.Fn.ORDER
  expect(await verdict(key, message, concatBytes(signature.subarray(0, 32), encoded(s)))).toBe(false)
})

test('keys of small order and encodings above p are refused before any implementation is asked', () => {
  const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
  let point = Point.ZERO
  for (let i = 0; i < 8; i++) {
    expect(point.isSmallOrder()).toBe(true)
    expect(isPlainEd25519Key(point.toBytes())).toBe(false)
    const flipped = point.toBytes()
    flipped[31] = (flipped[31] ?? 0) ^ 0x80
    expect(isPlainEd25519Key(flipped)).toBe(false)
    point = point.add(torsion)
  }
  expect(point.is0()).toBe(true)
  for (let low = 0xed; low <= 0xff; low++) {
    expect(isPlainEd25519Key(Uint8Array.of(low, ...new Uint8Array(30).fill(0xff), 0x7f))).toBe(false)
  }
  expect(isPlainEd25519Key(ed25519.getPublicKey(random.bytes(32)))).toBe(true)
})

test('a signature that only the cofactored equation accepts is refused by both', async () => {
  const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
  const [a, r] = [numberOf(random.bytes(32)) % Point.Fn.ORDER, numberOf(random.bytes(32)) % Point.Fn.ORDER]
  const forged = (key: Uint8Array, commitment: Uint8Array, message: Uint8Array) => {
    const k = numberOf(sha512(concatBytes(commitment, key, message))) % Point.Fn.ORDER
    return concatBytes(commitment, encoded((r + k * a) % Point.Fn.ORDER))
  }
  const plain = Point.BASE.multiply(a).toBytes()
  const mixed = Point.BASE.multiply(a).add(torsion).toBytes()
  const commitments = [Point.BASE.multiply(r).toBytes(), Point.BASE.multiply(r).add(torsion).toBytes()]
  const verdicts: unknown[] = []
  for (const key of [plain, mixed]) {
    for (const commitment of commitments) {
      const message = utf8ToBytes(bytesToHex(commitment))
      verdicts.push(await verdict(key, message, forged(key, commitment, message)))
    }
  }
  expect(verdicts[0]).toBe(true)
  expect(verdicts[1]).toBe(false)
  // With a mixed key the outcome depends on the message; what counts is that both agree.
  expect(verdicts.every((v) => typeof v === 'boolean')).toBe(true)
})

function numberOf(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function encoded(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}
