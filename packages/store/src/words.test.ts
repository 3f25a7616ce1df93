import fc from 'fast-check'
import { expect, test } from 'vitest'
import { phrasesOf, wordsOf } from './words.ts'

test.each([
  ['Hello, World!', ['hello', 'world']],
  ['Straße ÅNGSTRÖM naïve', ['straße', 'angstrom', 'naive']],
  ['ﬁne ＡＢＣ ①', ['fine', 'abc', '1']],
  ['İstanbul', ['istanbul']],
  ['don’t e-mail a@b.c', ['don', 't', 'e', 'mail', 'a', 'b', 'c']],
  ['🙂🙂', []],
  ['हिन्दी', ['हिन्दी']],
  ['日本 go', ['日', '本', 'go']],
])('the words of %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test('words hold nothing that the index would split or take for syntax, and their own words are themselves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      for (const word of wordsOf(text)) {
        expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u)
        expect(word).not.toMatch(/[\s"*:^()-]/u)
      }
      const again = wordsOf(wordsOf(text).join(' '))
      expect(again).toEqual(wordsOf(text))
    }),
    { seed: 51, numRuns: 2_000 },
  )
})

test('a query is a phrase for each stretch between spaces', () => {
  expect(phrasesOf('  foo-bar  baz ***')).toEqual([['foo', 'bar'], ['baz']])
  expect(phrasesOf('?!')).toEqual([])
})
