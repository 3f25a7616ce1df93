import { XWing } from '@hpke/hybridkem-x-wing'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js'
import type { Kems } from '@sotto/interface'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../fixtures/world.ts'
import { nobleKems } from './noble-kems.ts'
import { platformKems, type KemSubtle } from './platform-kems.ts'
import { xWing } from './x-wing.ts'
import { isXWingPublicKey } from './x-wing-key.ts'

const SEEDS = Array.from({ length: 20 }, (_, i) => seededRandom(`x-wing/${i}`))
// The cast: TypeScript does not know the modern algorithms of WebCrypto yet.
const subtle = globalThis.crypto.subtle as unknown as KemSubtle

const isNode = 'process' in globalThis
const platform = await platformKems(subtle)
if (platform === undefined && isNode)
  throw new Error('This Node has no ML-KEM-768; the tests run with the one that the repository brings.')
if (platform === undefined) console.warn("NOT RUN: X-Wing with the platform's parts, which this browser does not have")

describe.each<[name: string, kems: Kems]>([
  ['in plain JavaScript', nobleKems],
  ...(platform === undefined ? [] : [["with the platform's parts", platform] as [string, Kems]]),
])('X-Wing %s', (_, kems) => {
  const kem = xWing(kems)

  test('key pairs are those of two independent implementations', async () => {
    const theirs = new XWing()
    for (const random of SEEDS) {
      const seed = random.bytes(32)
      const publicKey = await kem.publicKey(seed)
      expect(publicKey).toEqual(ml_kem768_x25519.keygen(seed).publicKey)
      const derived = await theirs.deriveKeyPair(Uint8Array.from(seed).buffer)
      expect(kem.derivePrivateKey(seed)).toEqual(new Uint8Array(await theirs.serializePrivateKey(derived.privateKey)))
    }
  })

  test('what each of the others encapsulates, ours opens, and the other way round', async () => {
    const other = new XWing()
    for (const random of SEEDS) {
      const seed = random.bytes(32)
      const publicKey = await kem.publicKey(seed)
      const first = ml_kem768_x25519.encapsulate(publicKey, random.bytes(64))
      expect(await kem.decapsulate(seed, first.cipherText)).toEqual(first.sharedSecret)
      const recipientPublicKey = await other.deserializePublicKey(Uint8Array.from(publicKey).buffer)
      const second = await other.encap({ recipientPublicKey })
      expect(await kem.decapsulate(seed, new Uint8Array(second.enc))).toEqual(new Uint8Array(second.sharedSecret))

      const ours = await kem.encapsulate(publicKey, random.bytes(64))
      const { secretKey } = ml_kem768_x25519.keygen(seed)
      expect(ml_kem768_x25519.decapsulate(ours.enc, secretKey)).toEqual(ours.shared)
      const recipientKey = await other.deserializePrivateKey(Uint8Array.from(seed).buffer)
      const enc = Uint8Array.from(ours.enc).buffer
      expect(new Uint8Array(await other.decap({ recipientKey, enc }))).toEqual(ours.shared)
    }
  })

  test('bytes that are no key and no ciphertext are refused, and a point of small order with them', async () => {
    const random = seededRandom('x-wing/refused')
    const seed = random.bytes(32)
    const publicKey = await kem.publicKey(seed)
    const { enc } = await kem.encapsulate(publicKey, random.bytes(64))
    const run = async (what: () => unknown) => what()
    await expect(run(() => kem.publicKey(seed.subarray(1)))).rejects.toThrow()
    await expect(run(() => kem.encapsulate(publicKey.subarray(1), random.bytes(64)))).rejects.toThrow()
    await expect(run(() => kem.decapsulate(seed, enc.subarray(1)))).rejects.toThrow()
    await expect(
      run(() => kem.encapsulate(Uint8Array.from(publicKey).fill(0, 1184), random.bytes(64))),
    ).rejects.toThrow()
    await expect(run(() => kem.decapsulate(seed, Uint8Array.from(enc).fill(0, 1088)))).rejects.toThrow()
  })
})

test('in plain JavaScript all randomness is the one that is given', async () => {
  const kem = xWing(nobleKems)
  const publicKey = await kem.publicKey(seededRandom('x-wing/randomness').bytes(32))
  const one = await kem.encapsulate(publicKey, new Uint8Array(64).fill(1))
  expect(await kem.encapsulate(publicKey, new Uint8Array(64).fill(1))).toEqual(one)
  expect((await kem.encapsulate(publicKey, new Uint8Array(64).fill(2))).enc).not.toEqual(one.enc)
})

test('a platform that lacks a part, or answers otherwise than ours, is not used', async () => {
  expect(await platformKems({})).toBeUndefined()
  const without: Partial<KemSubtle> = {
    getPublicKey: (...of) => subtle.getPublicKey(...of),
    encapsulateBits: (...of) => subtle.encapsulateBits(...of),
    decapsulateBits: (...of) => subtle.decapsulateBits(...of),
    importKey: () => Promise.reject(new Error('NotSupportedError')),
  }
  expect(await platformKems(without)).toBeUndefined()
  const wrong: KemSubtle = {
    ...without,
    importKey: (...of) => subtle.importKey(...of),
    exportKey: (...of) => subtle.exportKey(...of),
    deriveBits: async () => new Uint8Array(32).buffer,
  } as KemSubtle
  expect(await platformKems(wrong)).toBeUndefined()
})

describe('public keys', () => {
  test('only those with every coefficient below q', async () => {
    const key = await xWing(nobleKems).publicKey(seededRandom('x-wing/key').bytes(32))
    expect(isXWingPublicKey(key)).toBe(true)
    expect(isXWingPublicKey(key.subarray(1))).toBe(false)
    // 3328 is the largest coefficient; the low one of a triple is byte 0 and the low half of byte 1.
    for (const at of [0, 3, 1149]) {
      const low = Uint8Array.from(key)
      low.set([0x00, ((key[at + 1] ?? 0) & 0xf0) | 0x0d], at)
      expect(isXWingPublicKey(low)).toBe(true)
      low[at] = 0x01 // 3329
      expect(isXWingPublicKey(low)).toBe(false)
      const high = Uint8Array.from(key)
      high.set([(key[at + 1] ?? 0) & 0x0f, 0xd0], at + 1)
      expect(isXWingPublicKey(high)).toBe(true)
      high[at + 1] = (high[at + 1] ?? 0) | 0x10
      expect(isXWingPublicKey(high)).toBe(false)
    }
  })

  test('only those to whose point of Curve25519 everybody can encrypt', async () => {
    const key = await xWing(nobleKems).publicKey(seededRandom('x-wing/key').bytes(32))
    const smallest = [0n, 1n, P - 1n, P, P + 1n, ...SMALL].map((u) => bytesOf(u))
    const topBit = smallest.map((u) => u.map((byte, at) => (at === 31 ? byte | 0x80 : byte)))
    for (const point of [...smallest, ...topBit]) {
      const changed = Uint8Array.from(key)
      changed.set(point, 1184)
      expect(isXWingPublicKey(changed)).toBe(false)
      expect(() => nobleKems.x25519.shared(utf8ToBytes('0123456789abcdef0123456789abcdef'), point)).toThrow()
    }
    const base = Uint8Array.from(key)
    base.set(bytesOf(9n), 1184)
    expect(isXWingPublicKey(base)).toBe(true)
  })
})

const P = 2n ** 255n - 19n
/** u of the points of order 8 (RFC 7748 names them in no other way; see cr.yp.to/ecdh.html). */
const SMALL = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
]

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn))
}
