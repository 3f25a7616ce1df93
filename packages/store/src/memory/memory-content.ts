import { INDEXES } from '@sotto/interface'
import type { Index, Table } from '@sotto/interface'
import { TABLES } from '../columns.ts'
import { indexOrder, keyOrder } from '../order.ts'
import { MemoryTable, SortedRows } from './memory-table.ts'

/** All rows of a store, in all their orders. */
export interface MemoryContent {
  table(name: Table): MemoryTable
  index(name: Index): SortedRows
}

export function emptyContent(): MemoryContent {
  const names = Object.keys(INDEXES) as Index[]
  const indexes = new Map(names.map((name) => [name, new SortedRows(indexOrder(name))]))
  const tables = new Map(
    TABLES.map((table) => {
      const own = names.filter((name) => INDEXES[name].table === table).map((name) => existing(indexes, name))
      return [table, new MemoryTable(keyOrder(table), own)]
    }),
  )
  return { table: (name) => existing(tables, name), index: (name) => existing(indexes, name) }
}

/** The same rows, arrived in the same sequence, kept apart from the first. */
export function copyContent(content: MemoryContent): MemoryContent {
  const copy = emptyContent()
  for (const table of TABLES) {
    const rows = content.table(table).rows.all()
    for (const row of rows.toSorted((a, b) => a.rank - b.rank)) copy.table(table).put(row.cells)
  }
  return copy
}

function existing<K, V>(values: ReadonlyMap<K, V>, key: K): V {
  const value = values.get(key)
  if (value === undefined) throw new TypeError(`no table or index ${String(key)}`)
  return value
}
