import type { Table } from '@sotto/interface'
import { columnsOf, keyColumns } from '../columns.ts'
import type { Order, Slice } from '../order.ts'
import { quote } from './schema.ts'

/** Every text below depends on the schema and on counts alone, never on values: there are few, and each is prepared once. */

export function columnList(table: Table, prefix = ''): string {
  return columnsOf(table)
    .map((column) => prefix + quote(column.name))
    .join(', ')
}

/** Writes a whole row; a row of the same key is overwritten in place, so that it keeps its rowid. */
export function putSql(table: Table): string {
  const columns = columnsOf(table)
  const keys = keyColumns(table).map((column) => quote(column.name))
  const rest = columns.map((column) => quote(column.name)).filter((name) => !keys.includes(name))
  const update = rest.map((name) => `${name} = excluded.${name}`).join(', ')
  const values = columns.map(() => '?').join(', ')
  return `INSERT INTO ${quote(table)} (${columnList(table)}) VALUES (${values}) ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${update}`
}

export function deleteSql(table: Table): string {
  return `DELETE FROM ${quote(table)} WHERE ${keyTest(table)}`
}

export function getSql(table: Table): string {
  return `SELECT ${columnList(table)} FROM ${quote(table)} WHERE ${keyTest(table)}`
}

/** The keys of all rows. */
export function keysSql(table: Table): string {
  const keys = keyColumns(table).map((column) => quote(column.name))
  return `SELECT ${keys.join(', ')} FROM ${quote(table)}`
}

/** Parameters: the prefix, the values to go on after, the limit. */
export function listSql(order: Order, slice: Slice): string {
  const names = order.columns.map((column) => quote(column.name))
  const tests = names.slice(0, slice.prefix.length).map((name) => `${name} = ?`)
  if (slice.after.length > 0) {
    const compared = names.slice(slice.prefix.length, slice.prefix.length + slice.after.length)
    const marks = compared.map(() => '?').join(', ')
    tests.push(`(${compared.join(', ')}) ${slice.reverse ? '<' : '>'} (${marks})`)
  }
  const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`
  const sorted = names.map((name) => `${name} ${slice.reverse ? 'DESC' : 'ASC'}`).join(', ')
  return `SELECT ${columnList(order.table)} FROM ${quote(order.table)}${where} ORDER BY ${sorted} LIMIT ?`
}

/** An event's rowid and what the index of words holds of it. */
export const INDEXED_EVENT_SQL: string = `SELECT rowid, "shown", "text" FROM "events" WHERE ${keyTest('events')}`
export const INDEX_EVENT_SQL: string = `INSERT INTO "wordIndex"(rowid, words, scope) VALUES (?, ?, ?)`
export const UNINDEX_EVENT_SQL: string = `DELETE FROM "wordIndex" WHERE rowid = ?`

/** Parameters: the match, the conversation (or not, when `inOne` is false), the limit. */
export function searchSql(inOne: boolean): string {
  const test = inOne ? ' AND e."conversation" = ?' : ''
  return (
    `SELECT ${columnList('events', 'e.')} FROM "wordIndex" JOIN "events" e ON e.rowid = "wordIndex".rowid ` +
    `WHERE "wordIndex" MATCH ?${test} ORDER BY "wordIndex".rowid DESC LIMIT ?`
  )
}

/** The MATCH expression for phrases whose words hold letters, digits and marks only. `scope` narrows it to a conversation. */
export function matchOf(phrases: readonly (readonly string[])[], scope: string | undefined): string {
  const parts = phrases.map((words) => `words : "${words.join(' ')}" *`)
  if (scope !== undefined && scope !== '') parts.push(`scope : "${scope}"`)
  return parts.join(' AND ')
}

function keyTest(table: Table): string {
  return keyColumns(table)
    .map((column) => `${quote(column.name)} = ?`)
    .join(' AND ')
}
