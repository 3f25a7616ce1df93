import type { Change, ConversationId, Index, IndexedRow, Range, Rows, Store, Table } from '@sotto/interface'
import { StoreError } from './store-error.ts'

export interface SearchOptions {
  conversation?: ConversationId
  limit?: number
}

/** {@link Store} without promises, as both SQLites and the in-memory double are inside. */
export interface SyncStore {
  get<T extends Table>(table: T, key: readonly (string | number)[]): Rows[T] | undefined
  list<T extends Table>(table: T, range?: Range): Rows[T][]
  listBy<I extends Index>(index: I, range: Range): IndexedRow<I>[]
  search(query: string, options?: SearchOptions): Rows['events'][]
  commit(changes: readonly Change[]): void
  close(): void
}

/** What platforms add methods of their own to. */
export interface ClosableStore extends Store {
  /** Throws {@link StoreError} `store-closed` after `close`. */
  readonly assertOpen: () => void
}

/**
 * The port over a synchronous store. A call does its work before it returns, so calls keep their order. After
 * `close` everything but `close` itself is refused with `store-closed`.
 */
export function asyncStore(inner: SyncStore, afterClose: () => void = () => {}): ClosableStore {
  let open = true
  const whileOpen = (): SyncStore => {
    if (!open) throw new StoreError('store-closed')
    return inner
  }
  return {
    assertOpen: () => void whileOpen(),
    get: async (table, key) => whileOpen().get(table, key),
    list: async (table, range) => whileOpen().list(table, range),
    listBy: async (index, range) => whileOpen().listBy(index, range),
    search: async (query, options) => whileOpen().search(query, options),
    commit: async (changes) => whileOpen().commit(changes),
    close: async () => {
      if (!open) return
      open = false
      try {
        inner.close()
      } finally {
        afterClose()
      }
    },
  }
}
