import { CipherSuite, HkdfSha512 } from '@hpke/core'
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305'
import { XWing } from '@hpke/hybridkem-x-wing'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { seededRandom } from '../fixtures/world.ts'
import { hpkeOf } from './hpke.ts'
import { nobleKems } from './noble-kems.ts'
import { xWing } from './x-wing.ts'
import { isXWingPublicKey } from './x-wing-key.ts'

const kem = xWing(nobleKems)
const other = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha512(), aead: new Chacha20Poly1305() })
const [info, aad, context] = [utf8ToBytes('info'), utf8ToBytes('aad'), utf8ToBytes('context')]
const plain = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

test('HPKE takes all its randomness from the port, and opens what it sealed', async () => {
  const seal = async (seed: string) => {
    const hpke = hpkeOf(kem, seededRandom(seed), isXWingPublicKey)
    const keys = await hpke.generateKeyPair()
    return { hpke, keys, sealed: await hpke.seal(keys.publicKey, utf8ToBytes('secret'), info, aad) }
  }
  const [first, again, third] = [await seal('hpke/1'), await seal('hpke/1'), await seal('hpke/2')]
  expect(again.sealed).toEqual(first.sealed)
  expect(third.sealed.enc).not.toEqual(first.sealed.enc)
  const { hpke, keys, sealed } = first
  const open = (about: Uint8Array, data: Uint8Array) => hpke.open(keys.privateKey, sealed.enc, sealed.ct, about, data)
  expect(await open(info, aad)).toEqual(utf8ToBytes('secret'))
  await expect(open(aad, aad)).rejects.toThrow('does not open')
  await expect(open(info, info)).rejects.toThrow('does not open')
})

test('an independent implementation opens what ours seals, and the other way round; exports are equal', async () => {
  for (let at = 0; at < 10; at++) {
    const random = seededRandom(`hpke/other/${at}`)
    const hpke = hpkeOf(kem, random, isXWingPublicKey)
    const { privateKey, publicKey } = await hpke.deriveKeyPair(random.bytes(64))
    const theirPublic = await other.kem.deserializePublicKey(plain(await hpke.exportPublicKey(publicKey)))
    const theirPrivate = await other.kem.deserializePrivateKey(plain(await hpke.exportPrivateKey(privateKey)))
    const text = random.bytes(at * 7)

    const ours = await hpke.seal(publicKey, text, info, aad)
    const opened = await other.open(
      { recipientKey: theirPrivate, enc: plain(ours.enc), info: plain(info) },
      plain(ours.ct),
      plain(aad),
    )
    expect(new Uint8Array(opened)).toEqual(text)
    const theirs = await other.seal({ recipientPublicKey: theirPublic, info: plain(info) }, plain(text), plain(aad))
    expect(await hpke.open(privateKey, new Uint8Array(theirs.enc), new Uint8Array(theirs.ct), info, aad)).toEqual(text)

    const exported = await hpke.exportSecret(publicKey, context, 64, info)
    const receiver = await other.createRecipientContext({
      recipientKey: theirPrivate,
      enc: plain(exported.enc),
      info: plain(info),
    })
    expect(new Uint8Array(await receiver.export(plain(context), 64))).toEqual(exported.secret)
    expect(await hpke.importSecret(privateKey, context, exported.enc, 64, info)).toEqual(exported.secret)
  }
})

test('keys go out as they came in, and what is none is refused', async () => {
  const random = seededRandom('hpke/keys')
  const hpke = hpkeOf(kem, random, isXWingPublicKey)
  const { privateKey, publicKey } = await hpke.generateKeyPair()
  const bytes = await hpke.exportPublicKey(publicKey)
  expect(await hpke.exportPublicKey(await hpke.importPublicKey(bytes))).toEqual(bytes)
  const seed = await hpke.exportPrivateKey(privateKey)
  expect(await kem.publicKey(seed)).toEqual(bytes)
  expect(await hpke.exportPrivateKey(await hpke.importPrivateKey(seed))).toEqual(seed)
  await expect(hpke.importPublicKey(bytes.subarray(1))).rejects.toThrow('Not a public key')
  await expect(hpke.importPrivateKey(seed.subarray(1))).rejects.toThrow('Not a private key')
  await expect(hpke.open(privateKey, random.bytes(9), random.bytes(9), info)).rejects.toThrow('HPKE refused')
})
