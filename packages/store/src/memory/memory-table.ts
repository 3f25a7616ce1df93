import type { Cell } from '@sotto/interface'
import { columnsOf } from '../columns.ts'
import type { Order, Slice } from '../order.ts'
import { compareKeys } from './compare.ts'

/** One stored row: all of its cells, and `rank`, which grows with every row that is new. */
export interface MemoryRow {
  readonly cells: readonly Cell[]
  readonly rank: number
}

interface SortedRow {
  readonly sort: readonly Cell[]
  readonly row: MemoryRow
}

/** The rows of a table in one order. */
export class SortedRows {
  readonly #positions: readonly number[]
  readonly #sorted: SortedRow[] = []

  constructor(order: Order) {
    const names = columnsOf(order.table).map((column) => column.name)
    this.#positions = order.columns.map((column) => names.indexOf(column.name))
  }

  /** What this order sorts a row by. */
  sortOf(cells: readonly Cell[]): Cell[] {
    return this.#positions.map((position) => cells[position] ?? null)
  }

  insert(row: MemoryRow): void {
    const sort = this.sortOf(row.cells)
    this.#sorted.splice(this.#firstNotBefore(sort), 0, { sort, row })
  }

  remove(row: MemoryRow): void {
    this.#sorted.splice(this.#firstNotBefore(this.sortOf(row.cells)), 1)
  }

  find(sort: readonly Cell[]): MemoryRow | undefined {
    const found = this.#sorted[this.#firstNotBefore(sort)]
    return found !== undefined && compareKeys(found.sort, sort) === 0 ? found.row : undefined
  }

  slice({ prefix, after, reverse, limit }: Slice): MemoryRow[] {
    const bound = [...prefix, ...after]
    const skipsBound = after.length > 0
    const from = !reverse && skipsBound ? this.#firstAfter(bound) : this.#firstNotBefore(prefix)
    const to = reverse && skipsBound ? this.#firstNotBefore(bound) : this.#firstAfter(prefix)
    const rows = reverse
      ? this.#sorted.slice(Math.max(from, to - limit), to).toReversed()
      : this.#sorted.slice(from, Math.min(to, from + limit))
    return rows.map(({ row }) => row)
  }

  all(): readonly MemoryRow[] {
    return this.#sorted.map(({ row }) => row)
  }

  #firstNotBefore(bound: readonly Cell[]): number {
    return this.#search((sort) => compareKeys(sort, bound) >= 0)
  }

  #firstAfter(bound: readonly Cell[]): number {
    return this.#search((sort) => compareKeys(sort, bound) > 0)
  }

  /** The first position whose row passes; rows that pass all come after those that do not. */
  #search(passes: (sort: readonly Cell[]) => boolean): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const found = this.#sorted[middle]
      if (found === undefined || passes(found.sort)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** All orders of one table, kept in step. */
export class MemoryTable {
  readonly #byKey: SortedRows
  readonly #others: readonly SortedRows[]
  #lastRank = 0

  constructor(key: Order, indexes: readonly SortedRows[]) {
    this.#byKey = new SortedRows(key)
    this.#others = indexes
  }

  get rows(): SortedRows {
    return this.#byKey
  }

  put(cells: readonly Cell[]): void {
    const old = this.#byKey.find(this.#byKey.sortOf(cells))
    if (old !== undefined) this.#remove(old)
    const row = { cells, rank: old?.rank ?? (this.#lastRank += 1) }
    for (const order of [this.#byKey, ...this.#others]) order.insert(row)
  }

  delete(key: readonly Cell[]): void {
    const old = this.#byKey.find(key)
    if (old !== undefined) this.#remove(old)
  }

  #remove(row: MemoryRow): void {
    for (const order of [this.#byKey, ...this.#others]) order.remove(row)
  }
}
