/** Letters that are written from right to left, and marks that change in which direction others are. */
const TURNS =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069']

/**
 * A name as it stands in a sentence of ours. Whoever chose it may have put marks into it that turn the rest of the sentence around, so that it
 * says something else; and one in Arabic or Hebrew would take the punctuation beside it along.
 */
export function isolated(name: string): string {
  return TURNS.test(name) ? FIRST_STRONG_ISOLATE + name.replace(MARKS, '') + POP_ISOLATE : name
}
