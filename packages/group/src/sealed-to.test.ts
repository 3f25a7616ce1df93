import { utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engineFor } from './fixtures/world.ts'
import { createAskKeys, openSealedTo, sealTo } from './sealed-to.ts'

const engine = await engineFor('sealed-to')
const keys = await createAskKeys(engine)
const info = utf8ToBytes('for this')
const text = utf8ToBytes('only for who asked')

async function sealedText(): Promise<{ enc: Uint8Array; sealed: Uint8Array }> {
  const sealed = await sealTo(engine, keys.publicKey, info, text)
  if (!sealed.ok) throw new Error(sealed.reason)
  return sealed.value
}

test('what is sealed to a key opens with its other half, for the same purpose, and with nothing else', async () => {
  const sealed = await sealedText()
  expect([keys.publicKey.length, sealed.enc.length, sealed.sealed.length]).toEqual([1_216, 1_120, text.length + 16])
  expect(await openSealedTo(engine, keys.privateKey, info, sealed)).toEqual({ ok: true, value: text })
  const others = await createAskKeys(engine)
  const refused = { ok: false, reason: 'undecryptable' }
  expect(await openSealedTo(engine, others.privateKey, info, sealed)).toEqual(refused)
  expect(await openSealedTo(engine, keys.privateKey, utf8ToBytes('for that'), sealed)).toEqual(refused)
  expect((await sealedText()).sealed).not.toEqual(sealed.sealed)
})

test('nothing is sealed to what is no key', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(1_216), new Uint8Array(1_216).fill(255), text])
    expect(await sealTo(engine, bytes, info, text)).toEqual({ ok: false, reason: 'bad-key-package' })
})

test('whatever is changed, or made up, is refused (seed 20261128)', async () => {
  const { enc, sealed } = await sealedText()
  const changed = (bytes: Uint8Array) =>
    fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
      const copy = bytes.slice()
      copy[at] = (copy[at] ?? 0) ^ by
      return copy
    })
  const cases = fc.oneof(
    fc.record({ enc: changed(enc), sealed: fc.constant(sealed) }),
    fc.record({ enc: fc.constant(enc), sealed: changed(sealed) }),
    fc.record({ enc: fc.uint8Array({ maxLength: 1_130 }), sealed: fc.uint8Array({ maxLength: 80 }) }),
  )
  await fc.assert(
    fc.asyncProperty(cases, async (forged) => {
      expect(await openSealedTo(engine, keys.privateKey, info, forged)).toEqual({ ok: false, reason: 'undecryptable' })
    }),
    { seed: 20261128, numRuns: 60 },
  )
})
