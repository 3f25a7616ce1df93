import type { Cell, Change, Index, IndexedRow, Range, Rows, Table } from '@sotto/interface'
import { keyCells, rowCells, valueCells } from '../cells.ts'
import { columnsOf } from '../columns.ts'
import { boundedLimit, indexOrder, keyOrder, sliceOf } from '../order.ts'
import type { SearchOptions, SyncStore } from '../sync-store.ts'
import type { MemoryContent } from './memory-content.ts'
import { searchRows } from './memory-search.ts'
import type { MemoryRow } from './memory-table.ts'

/** A store over rows in memory. `check` runs before everything and may throw; `beforeWrite` before a commit changes anything. */
export function memorySyncStore(content: MemoryContent, check: () => void, beforeWrite: () => void): SyncStore {
  function get<T extends Table>(table: T, key: readonly (string | number)[]): Rows[T] | undefined {
    check()
    const found = content.table(table).rows.find(keyCells(table, key))
    return found === undefined ? undefined : toRow(table, found)
  }

  function search(query: string, options: SearchOptions = {}): Rows['events'][] {
    check()
    const limit = boundedLimit(options.limit)
    if (options.conversation !== undefined) valueCells('events', columnsOf('events'), [options.conversation])
    const rows = searchRows(content.table('events').rows.all(), query, options.conversation, limit)
    return rows.map((row) => toRow('events', row))
  }

  return {
    get,
    list<T extends Table>(table: T, range?: Range) {
      check()
      return content
        .table(table)
        .rows.slice(sliceOf(keyOrder(table), range))
        .map((row) => toRow(table, row))
    },
    listBy<I extends Index>(index: I, range: Range) {
      check()
      const order = indexOrder(index)
      const rows = content.index(index).slice(sliceOf(order, range))
      return rows.map((row) => toRow(order.table, row)) as IndexedRow<I>[]
    },
    search,
    commit(changes) {
      check()
      const writes = changes.map((change) => preparedWrite(content, change)) // all checks come before the first write
      if (writes.length > 0) beforeWrite()
      for (const write of writes) write()
    },
    close() {},
  }
}

function preparedWrite(content: MemoryContent, change: Change): () => void {
  if ('put' in change) {
    const cells = rowCells(change.put, change.row).map(copyCell)
    return () => content.table(change.put).put(cells)
  }
  const key = keyCells(change.delete, change.key)
  return () => content.table(change.delete).delete(key)
}

function toRow<T extends Table>(table: T, row: MemoryRow): Rows[T] {
  const made: Record<string, Cell> = {}
  for (const [at, { name }] of columnsOf(table).entries()) made[name] = copyCell(row.cells[at] ?? null)
  return made as unknown as Rows[T]
}

function copyCell(cell: Cell): Cell {
  return cell instanceof Uint8Array ? new Uint8Array(cell) : cell
}
