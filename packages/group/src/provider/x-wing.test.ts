import { XWing } from '@hpke/hybridkem-x-wing'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js'
import { expect, test } from 'vitest'
import { seededRandom } from '../fixtures/world.ts'
import { isXWingPublicKey } from './x-wing-key.ts'
import { xWingHpke, xWingPublicKey } from './x-wing.ts'

const SEEDS = Array.from({ length: 20 }, (_, i) => seededRandom(`x-wing/${i}`))

test('key pairs are those of an independent implementation', async () => {
  for (const random of SEEDS) {
    const seed = random.bytes(32)
    expect(await xWingPublicKey(seed)).toEqual(ml_kem768_x25519.keygen(seed).publicKey)
  }
})

test('what the other implementation encapsulates, ours opens, and the other way round', async () => {
  const kem = new XWing()
  for (const random of SEEDS) {
    const seed = random.bytes(32)
    const publicKey = await xWingPublicKey(seed)
    const theirs = ml_kem768_x25519.encapsulate(publicKey, random.bytes(64))
    const recipientKey = await kem.deserializePrivateKey(Uint8Array.from(seed).buffer)
    const enc = Uint8Array.from(theirs.cipherText).buffer
    expect(new Uint8Array(await kem.decap({ recipientKey, enc }))).toEqual(theirs.sharedSecret)

    const recipientPublicKey = await kem.deserializePublicKey(Uint8Array.from(publicKey).buffer)
    const ours = await kem.encap({ recipientPublicKey })
    const { secretKey } = ml_kem768_x25519.keygen(seed)
    const opened = ml_kem768_x25519.decapsulate(new Uint8Array(ours.enc), secretKey)
    expect(opened).toEqual(new Uint8Array(ours.sharedSecret))
  }
})

test('HPKE takes all its randomness from the port, and opens what it sealed', async () => {
  const seal = async (seed: string) => {
    const hpke = xWingHpke(seededRandom(seed))
    const keys = await hpke.generateKeyPair()
    const sealed = await hpke.seal(keys.publicKey, utf8ToBytes('secret'), utf8ToBytes('info'), utf8ToBytes('aad'))
    return { hpke, keys, sealed }
  }
  const [first, again, other] = [await seal('hpke/1'), await seal('hpke/1'), await seal('hpke/2')]
  expect(again.sealed).toEqual(first.sealed)
  expect(other.sealed.enc).not.toEqual(first.sealed.enc)
  const { hpke, keys, sealed } = first
  const open = (info: string, aad: string) =>
    hpke.open(keys.privateKey, sealed.enc, sealed.ct, utf8ToBytes(info), utf8ToBytes(aad))
  expect(await open('info', 'aad')).toEqual(utf8ToBytes('secret'))
  await expect(open('other', 'aad')).rejects.toThrow()
  await expect(open('info', 'other')).rejects.toThrow()
})

test('only keys with every coefficient below q are public keys', async () => {
  const key = await xWingPublicKey(seededRandom('x-wing/key').bytes(32))
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
