import { unknownWords, wordsIn, type PhraseReason } from '@sotto/identity'

const MOST_NAMED = 5

/** What is wrong with recovery words, for whoever typed them. The words are secret: only their places are said. */
export function phraseText(phrase: string, reason: PhraseReason): string {
  switch (reason) {
    case 'not-24-words':
      return `There are 24 recovery words; these are ${wordsIn(phrase).length}.`
    case 'unknown-word':
      return unknownText(unknownWords(phrase))
    case 'bad-checksum':
      return 'These are not the 24 recovery words: one of them is another one, or their order is not right.'
  }
}

function unknownText(places: readonly number[]): string {
  const [first] = places
  if (places.length === 1) return `Word ${first} is not a recovery word. Check its spelling.`
  if (places.length > MOST_NAMED) return `These are not the 24 recovery words: ${places.length} of them are none.`
  return `Words ${places.slice(0, -1).join(', ')} and ${places.at(-1)} are not recovery words. Check their spelling.`
}
