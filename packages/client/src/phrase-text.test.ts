import { accountFromPhrase } from '@sotto/identity'
import { expect, test } from 'vitest'
import { phraseText } from './phrase-text.ts'

/** BIP-39's own first example of 24 words. */
const WORDS = [...Array.from({ length: 23 }, () => 'abandon'), 'art']

test.each([
  [WORDS.slice(1), 'There are 24 recovery words; these are 23.'],
  [[], 'There are 24 recovery words; these are 0.'],
  [WORDS.with(6, 'abandn'), 'Word 7 is not a recovery word. Check its spelling.'],
  [
    WORDS.with(6, 'abandn').with(9, 'arrt').with(23, 'x'),
    'Words 7, 10 and 24 are not recovery words. Check their spelling.',
  ],
  [WORDS.map(() => 'x'), 'These are not the 24 recovery words: 24 of them are none.'],
  [
    WORDS.with(0, 'art'),
    'These are not the 24 recovery words: one of them is another one, or their order is not right.',
  ],
])('what is wrong with recovery words is said by their places: %#', (words, sentence) => {
  const phrase = ` ${words.join(' ')}\n`
  const account = accountFromPhrase(phrase)
  expect(account.ok ? undefined : phraseText(phrase, account.reason)).toBe(sentence)
})
