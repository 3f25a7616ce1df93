import type { Cell, Rows, Table } from '@sotto/interface'
import { columnsOf, keyColumns } from './columns.ts'
import type { Column } from './columns.ts'

const HEX = /^(?:[0-9a-f]{2})*$/

/**
 * A row's cells in the order of the table's columns, checked. A wrong type is a mistake of the caller: TypeError.
 * Text is made well-formed, since a lone surrogate has no UTF-8; bytes are not copied here.
 */
export function rowCells<T extends Table>(table: T, row: Rows[T]): Cell[] {
  const given = row as unknown as Readonly<Record<string, unknown>>
  return columnsOf(table).map((column) => checkCell(table, column, given[column.name]))
}

/** A whole key, checked. */
export function keyCells(table: Table, key: readonly (string | number)[]): Cell[] {
  const columns = keyColumns(table)
  if (key.length !== columns.length) throw new TypeError(`${table} has a key of ${columns.length} columns`)
  return valueCells(table, columns, key)
}

/** Values of the first of `columns`, checked. */
export function valueCells(table: Table, columns: readonly Column[], values: readonly (string | number)[]): Cell[] {
  return values.map((value, at) => {
    const column = columns[at]
    if (column === undefined) throw new TypeError(`${table}: more values than columns in this order`)
    return checkCell(table, column, value)
  })
}

function checkCell(table: Table, column: Column, value: unknown): Cell {
  switch (column.type) {
    case 'integer':
      if (Number.isSafeInteger(value)) return (value as number) + 0 // -0 is 0 on disk
      break
    case 'blob':
    case 'secret':
      if (value instanceof Uint8Array) return value
      break
    case 'id':
      if (typeof value === 'string' && HEX.test(value)) return value
      break
    case 'text':
      if (typeof value === 'string') return value.toWellFormed()
  }
  throw new TypeError(`${table}.${column.name} must be ${EXPECTED[column.type]}`)
}

const EXPECTED: Readonly<Record<Column['type'], string>> = {
  integer: 'a safe integer',
  blob: 'bytes',
  secret: 'bytes',
  id: 'lower-case hex',
  text: 'text',
}
