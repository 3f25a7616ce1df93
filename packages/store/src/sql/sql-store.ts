import type { Change, Index, IndexedRow, Range, Rows, Table } from '@sotto/interface'
import { keyCells, rowCells, valueCells } from '../cells.ts'
import { columnsOf, keyColumns } from '../columns.ts'
import { boundedLimit, indexOrder, keyOrder, sliceOf } from '../order.ts'
import type { Order } from '../order.ts'
import type { SearchOptions, SyncStore } from '../sync-store.ts'
import type { Vault } from '../vault.ts'
import { phrasesOf } from '../words.ts'
import { rowFromSql, rowToSql, toSql } from './codec.ts'
import { transact } from './driver.ts'
import type { SqlDriver } from './driver.ts'
import { deleteSql, getSql, listSql, matchOf, putSql, searchSql } from './statements.ts'
import { indexEvent, scopeOf, unindexEvent } from './word-index.ts'

/** The store over one migrated SQLite connection: the same for Node and for the browser's worker. */
export function sqlStore(driver: SqlDriver, vault: Vault): SyncStore {
  function listRows(order: Order, range: Range | undefined): Rows[Table][] {
    const slice = sliceOf(order, range)
    const cells = toSql(order.columns, [...slice.prefix, ...slice.after])
    const found = driver.all(listSql(order, slice), [...cells, slice.limit])
    return found.map((row) => rowFromSql(order.table, row, vault))
  }

  function apply(change: Change): void {
    if ('put' in change) {
      const cells = rowCells(change.put, change.row)
      const write = (): void => driver.run(putSql(change.put), rowToSql(change.put, cells, vault))
      if (change.put === 'events') indexEvent(driver, change.row, write)
      else write()
    } else {
      const key = toSql(keyColumns(change.delete), keyCells(change.delete, change.key))
      if (change.delete === 'events') unindexEvent(driver, key)
      driver.run(deleteSql(change.delete), key)
    }
  }

  function search(query: string, options: SearchOptions = {}): Rows['events'][] {
    const limit = boundedLimit(options.limit)
    const scope = options.conversation
    const columns = columnsOf('events') // the conversation comes first
    const cells = scope === undefined ? [] : toSql(columns, valueCells('events', columns, [scope]))
    const phrases = phrasesOf(query)
    if (phrases.length === 0) return []
    const match = matchOf(phrases, scope === undefined ? undefined : scopeOf(scope))
    const found = driver.all(searchSql(scope !== undefined), [match, ...cells, limit])
    return found.map((row) => rowFromSql('events', row, vault))
  }

  return {
    get<T extends Table>(table: T, key: readonly (string | number)[]) {
      const found = driver.all(getSql(table), toSql(keyColumns(table), keyCells(table, key)))[0]
      return found === undefined ? undefined : rowFromSql(table, found, vault)
    },
    list: <T extends Table>(table: T, range?: Range) => listRows(keyOrder(table), range) as Rows[T][],
    listBy: <I extends Index>(index: I, range: Range) => listRows(indexOrder(index), range) as IndexedRow<I>[],
    search,
    commit(changes) {
      if (changes.length > 0) transact(driver, () => changes.forEach(apply))
    },
    close: () => driver.close(),
  }
}
