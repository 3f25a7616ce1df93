import type { Store } from '@sotto/interface'
import type { MortalProcess } from './mortal-process.ts'

/** The store of a process that may die at each call. */
export function countedStore(process: MortalProcess, store: Store): Store {
  return {
    get: (table, key) => process.call('store.get', () => store.get(table, key)),
    list: (table, range) => process.call('store.list', () => store.list(table, range)),
    listBy: (index, range) => process.call('store.listBy', () => store.listBy(index, range)),
    search: (query, options) => process.call('store.search', () => store.search(query, options)),
    commit: (changes) => process.call('store.commit', () => store.commit(changes)),
    close: () => process.call('store.close', () => store.close()),
  }
}
