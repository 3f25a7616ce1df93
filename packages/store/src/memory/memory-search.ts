import type { Cell } from '@sotto/interface'
import { columnsOf } from '../columns.ts'
import { phrasesOf, wordsOf } from '../words.ts'
import type { MemoryRow } from './memory-table.ts'

/** Shown events in which every phrase of the query is found, the newest arrival first. */
export function searchRows(
  rows: readonly MemoryRow[],
  query: string,
  conversation: string | undefined,
  limit: number,
): MemoryRow[] {
  const phrases = phrasesOf(query)
  if (phrases.length === 0) return []
  const at = Object.fromEntries(columnsOf('events').map((column, position) => [column.name, position]))
  const cell = (row: MemoryRow, name: string): Cell => row.cells[at[name] ?? -1] ?? null
  return rows
    .filter((row) => cell(row, 'shown') === 1)
    .filter((row) => conversation === undefined || cell(row, 'conversation') === conversation)
    .filter((row) => {
      const words = wordsOf(String(cell(row, 'text')))
      return phrases.every((phrase) => holdsPhrase(words, phrase))
    })
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, limit)
}

/** True when the words stand one after the other somewhere, the last of them perhaps only begun. */
function holdsPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  const last = phrase.length - 1
  return words.some((_, start) =>
    phrase.every((word, offset) => {
      const found = words[start + offset]
      return found !== undefined && (offset === last ? found.startsWith(word) : found === word)
    }),
  )
}
