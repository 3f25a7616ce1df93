/** Scripts that write without spaces: each character is a word of its own there, so that any part can be found. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu
const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** The marks that Latin, Greek and Cyrillic letters carry. Others (Arabic, Indic) make a different word. */
const ACCENTS = /[\u0300-\u036f]/g

/** The most words of one text that search looks at. */
export const MAX_INDEXED_WORDS = 10_000
const MAX_QUERY_WORDS = 32

/**
 * The words of a text as search sees them: case, accents and width folded. Both the index and the query go through
 * here and the index's own tokenizer only splits at spaces, so that every store finds the same messages.
 */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().replace(ACCENTS, '')
  const found = folded.replace(UNSPACED, ' $& ').match(WORD)
  return found === null ? [] : found.slice(0, MAX_INDEXED_WORDS)
}

/**
 * A query as phrases that must all be found: what stands between spaces is one phrase (`foo-bar` is the words foo, bar
 * in that order), and the last word of each phrase matches as a prefix. No phrases: nothing to look for.
 */
export function phrasesOf(query: string): string[][] {
  return query
    .split(/\s+/u)
    .map(wordsOf)
    .filter((words) => words.length > 0)
    .slice(0, MAX_QUERY_WORDS)
    .map((words) => words.slice(0, MAX_QUERY_WORDS))
}
