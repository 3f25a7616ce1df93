import type { Rows } from '@sotto/interface'
import { keyColumns } from '../columns.ts'
import { wordsOf } from '../words.ts'
import { toSql } from './codec.ts'
import type { SqlCell, SqlDriver } from './driver.ts'
import { INDEXED_EVENT_SQL, INDEX_EVENT_SQL, UNINDEX_EVENT_SQL } from './statements.ts'

/** How a conversation is named in the index of words. Eight bytes tell conversations apart well enough to narrow by. */
export function scopeOf(conversation: string): string {
  return conversation.slice(0, 16)
}

/** Writes an event with `write` and keeps the index of words in step; an event whose words stay is not indexed again. */
export function indexEvent(driver: SqlDriver, row: Rows['events'], write: () => void): void {
  const key = toSql(keyColumns('events'), [row.conversation, row.device, row.seq])
  const before = driver.all(INDEXED_EVENT_SQL, key)[0]
  write()
  const text = row.shown === 1 ? row.text.toWellFormed() : ''
  const old = before?.[1] === 1 ? String(before[2]) : ''
  if (text === old) return
  if (old !== '') driver.run(UNINDEX_EVENT_SQL, [before?.[0] ?? null])
  if (text === '') return
  const rowid = before?.[0] ?? driver.all(INDEXED_EVENT_SQL, key)[0]?.[0] ?? null
  driver.run(INDEX_EVENT_SQL, [rowid, wordsOf(text).join(' '), scopeOf(row.conversation)])
}

/** Takes an event's words out of the index; `key` as SQLite keeps it. Before the row itself goes. */
export function unindexEvent(driver: SqlDriver, key: readonly SqlCell[]): void {
  const before = driver.all(INDEXED_EVENT_SQL, key)[0]
  if (before !== undefined && before[1] === 1) driver.run(UNINDEX_EVENT_SQL, [before[0] ?? null])
}
