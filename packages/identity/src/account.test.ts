import { toHex } from '@sotto/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fakeCrypto, fakeRandom, randomOf } from '../test/fake-crypto.ts'
import { vectors } from '../test/vectors.ts'
import { accountFromPhrase, createAccount, unknownWords } from './index.ts'

describe('spec/vectors/recovery-phrase.json', () => {
  const { valid, invalid } = vectors<
    { entropy: string; phrase: string; identitySeed: string; backupSeed: string; account: string },
    { phrase: string; reason: string }
  >('recovery-phrase')

  it.each(valid)('$entropy', async ({ entropy, phrase, identitySeed, backupSeed, account }) => {
    const written = createAccount({ random: randomOf(Buffer.from(entropy, 'hex')) }).phrase
    expect(phrase.trim().toLowerCase().split(/\s+/).join(' ')).toBe(written)
    const seeds = accountFromPhrase(phrase)
    expect(seeds.ok).toBe(true)
    if (!seeds.ok) return
    expect(toHex(seeds.value.identitySeed)).toBe(identitySeed)
    expect(toHex(seeds.value.backupSeed)).toBe(backupSeed)
    expect(toHex(await fakeCrypto().ed25519.publicKey(seeds.value.identitySeed))).toBe(account)
  })

  it.each(invalid)('refuses "$phrase"', ({ phrase, reason }) => {
    expect(accountFromPhrase(phrase)).toEqual({ ok: false, reason })
  })
})

it('every account comes back from its phrase, and no two are the same', () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= 20; seed++) {
    const { phrase } = createAccount({ random: fakeRandom(seed) })
    expect(phrase.split(' ')).toHaveLength(24)
    const seeds = accountFromPhrase(phrase)
    expect(seeds.ok).toBe(true)
    if (seeds.ok) seen.add(toHex(seeds.value.identitySeed)).add(toHex(seeds.value.backupSeed))
  }
  expect(seen.size).toBe(40)
})

it('a word put in the place of another is nearly always noticed, and never throws', () => {
  const words = createAccount({ random: fakeRandom(7) }).phrase.split(' ')
  let unnoticed = 0
  fc.assert(
    fc.property(fc.nat(23), fc.nat(23), (to, from) => {
      const changed = words.with(to, words[from] ?? '')
      if (words[to] !== words[from] && accountFromPhrase(changed.join(' ')).ok) unnoticed++
    }),
    { seed: 20_261_125, numRuns: 300 },
  )
  expect(unnoticed).toBeLessThan(10)
})

it('the places of words that are none are known, the words themselves said nowhere', () => {
  const words = createAccount({ random: fakeRandom(7) }).phrase.split(' ')
  expect(unknownWords(words.join(' '))).toEqual([])
  expect(unknownWords(` ${words.with(2, 'zebrra').with(23, '').join('  ').toUpperCase()}`)).toEqual([3])
  expect(unknownWords('')).toEqual([])
})

it('any text gives a value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(accountFromPhrase(text).ok).toBe(false)
    }),
    { seed: 20_261_125, numRuns: 1_000 },
  )
})
