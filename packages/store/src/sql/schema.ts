import { KEYS } from '@sotto/interface'
import type { Table } from '@sotto/interface'
import { COLUMNS } from '../columns.ts'
import type { ColumnType } from '../columns.ts'
import { VERSION_1 } from './version-1.ts'

/** Rows here are small and found by key only, so the key's tree holds them itself. */
const WITHOUT_ROWID: ReadonlySet<Table> = new Set(['meta', 'contacts', 'seen', 'cursors'])

const SQL_TYPE: Readonly<Record<ColumnType, string>> = {
  id: 'BLOB',
  text: 'TEXT',
  integer: 'INTEGER',
  blob: 'BLOB',
  secret: 'BLOB',
}

export function quote(name: string): string {
  return `"${name}"`
}

function createTable(table: Table): string {
  const columns = Object.entries(COLUMNS[table]).map(([name, type]) => `${quote(name)} ${SQL_TYPE[type]} NOT NULL`)
  const key = `PRIMARY KEY (${KEYS[table].map(quote).join(', ')})`
  const options = WITHOUT_ROWID.has(table) ? 'STRICT, WITHOUT ROWID' : 'STRICT'
  return `CREATE TABLE ${quote(table)} (${[...columns, key].join(', ')}) ${options}`
}

/** Tables that version 2 brought: groups. */
const GROUP_TABLES: readonly Table[] = ['control', 'groupInvites', 'welcomes', 'errands']

/**
 * What brings a database from version n to n + 1, for n = 0, 1, …: version 0 is an empty file. Only ever appended to;
 * once a version has shipped, its statements become literal text here.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  VERSION_1,
  [`ALTER TABLE "generations" ADD COLUMN "devices" TEXT NOT NULL DEFAULT ''`, ...GROUP_TABLES.map(createTable)],
  [createTable('treeNodes')],
]
