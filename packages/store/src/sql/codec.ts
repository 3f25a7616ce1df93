import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { KEYS } from '@sotto/interface'
import type { Cell, Rows, Table } from '@sotto/interface'
import { columnsOf } from '../columns.ts'
import type { Column } from '../columns.ts'
import type { Vault } from '../vault.ts'
import type { SqlCell } from './driver.ts'

/** Checked cells of any columns (a key, a range) as SQLite keeps them. Not for secret columns. */
export function toSql(columns: readonly Column[], cells: readonly Cell[]): SqlCell[] {
  return cells.map((cell, at) => (columns[at]?.type === 'id' ? hexToBytes(cell as string) : cell))
}

/** A whole checked row as SQLite keeps it. */
export function rowToSql(table: Table, cells: readonly Cell[], vault: Vault): SqlCell[] {
  return columnsOf(table).map(({ name, type }, at) => {
    const cell = cells[at] ?? null
    if (type === 'id') return hexToBytes(cell as string)
    if (type === 'secret') return vault.seal(cell as Uint8Array, placeOf(table, name, cells))
    return cell
  })
}

/** A row of a table from the cells of all its columns. */
export function rowFromSql<T extends Table>(table: T, found: readonly SqlCell[], vault: Vault): Rows[T] {
  const columns = columnsOf(table)
  const cells = found.map((cell, at) => (columns[at]?.type === 'id' ? bytesToHex(cell as Uint8Array) : cell))
  const entries = columns.map(({ name, type }, at) => {
    const cell = cells[at]
    return [name, type === 'secret' ? vault.open(cell as Uint8Array, placeOf(table, name, cells)) : cell]
  })
  return Object.fromEntries(entries) as Rows[T]
}

function placeOf(table: Table, column: string, cells: readonly Cell[]): string {
  const keys: readonly string[] = KEYS[table]
  const key = columnsOf(table).flatMap(({ name }, at) => (keys.includes(name) ? [cells[at] ?? null] : []))
  return JSON.stringify([table, column, ...key])
}
