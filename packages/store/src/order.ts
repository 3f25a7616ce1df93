import { INDEXES, KEYS } from '@sotto/interface'
import type { Cell, Index, Range, Table } from '@sotto/interface'
import { valueCells } from './cells.ts'
import { keyColumns, pickColumns } from './columns.ts'
import type { Column } from './columns.ts'

export const MAX_LISTED_ROWS = 10_000

/** An order of a table's rows. `columns` ends with the key, so no two rows are equal in it. */
export interface Order {
  readonly table: Table
  readonly columns: readonly Column[]
}

/** A {@link Range} with everything checked and filled in. */
export interface Slice {
  readonly prefix: readonly Cell[]
  readonly after: readonly Cell[]
  readonly reverse: boolean
  readonly limit: number
}

/** The order of a table's own key. */
export function keyOrder(table: Table): Order {
  return { table, columns: keyColumns(table) }
}

/** The order of an index, ties broken by the key. */
export function indexOrder(index: Index): Order {
  const entry = INDEXES[index]
  if (entry === undefined) throw new TypeError(`no index ${String(index)}`)
  const names: readonly string[] = entry.columns
  const ties = KEYS[entry.table].filter((name) => !names.includes(name))
  return { table: entry.table, columns: pickColumns(entry.table, [...names, ...ties]) }
}

/** Checks a range against an order. Throws a TypeError for values of a wrong type or too many of them. */
export function sliceOf(order: Order, range: Range = { prefix: [] }): Slice {
  const prefix = valueCells(order.table, order.columns, range.prefix)
  const rest = order.columns.slice(prefix.length)
  return {
    prefix,
    after: valueCells(order.table, rest, range.after ?? []),
    reverse: range.reverse === true,
    limit: boundedLimit(range.limit),
  }
}

/** How many rows to answer with. */
export function boundedLimit(limit: number = MAX_LISTED_ROWS): number {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError('limit must be a non-negative integer')
  return Math.min(limit, MAX_LISTED_ROWS)
}
