import { INDEXES, KEYS } from '@sotto/interface'
import type { Table } from '@sotto/interface'
import { COLUMNS, TABLES } from '../columns.ts'
import type { ColumnType } from '../columns.ts'

/** Rows here are small and found by key only, so the key's tree holds them itself. */
const WITHOUT_ROWID: ReadonlySet<Table> = new Set(['meta', 'contacts', 'seen', 'cursors'])

const SQL_TYPE: Readonly<Record<ColumnType, string>> = {
  id: 'BLOB',
  text: 'TEXT',
  integer: 'INTEGER',
  blob: 'BLOB',
  secret: 'BLOB',
}

/**
 * The words of shown events, by the events' rowid. It keeps its own copy of the words so that it can take them out
 * again exactly; with `secure-delete` they then leave the index at once instead of at some later merge.
 * One and two letters have an index of their own, since whoever types a word begins with them and they match most.
 * `scope` is the beginning of the conversation's id, so that one conversation is searched without reading the others.
 */
const WORDS: readonly string[] = [
  `CREATE VIRTUAL TABLE "wordIndex" USING fts5(words, scope, tokenize = 'ascii', columnsize = 0, prefix = '1 2')`,
  `INSERT INTO "wordIndex"("wordIndex", rank) VALUES ('secure-delete', 1)`,
]

/** Which of the store's own keys the rows are sealed under; a single row. */
const KEYRING = `CREATE TABLE "keyring" ("one" INTEGER PRIMARY KEY CHECK ("one" = 1), "secretsKey" TEXT NOT NULL) STRICT`

export function quote(name: string): string {
  return `"${name}"`
}

function createTable(table: Table): string {
  const columns = Object.entries(COLUMNS[table]).map(([name, type]) => `${quote(name)} ${SQL_TYPE[type]} NOT NULL`)
  const key = `PRIMARY KEY (${KEYS[table].map(quote).join(', ')})`
  const options = WITHOUT_ROWID.has(table) ? 'STRICT, WITHOUT ROWID' : 'STRICT'
  return `CREATE TABLE ${quote(table)} (${[...columns, key].join(', ')}) ${options}`
}

function createIndexes(): string[] {
  return Object.entries(INDEXES).map(
    ([name, { table, columns }]) =>
      `CREATE INDEX ${quote(name)} ON ${quote(table)} (${columns.map((column) => quote(column)).join(', ')})`,
  )
}

/**
 * What brings a database from version n to n + 1, for n = 0, 1, …: version 0 is an empty file. Only ever appended to;
 * once a version has shipped, its statements become literal text here.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [...TABLES.map(createTable), ...createIndexes(), ...WORDS, KEYRING],
]
