import type { Change } from '@sotto/interface'
import type { EncryptedStore } from '../sql/open-sql-store.ts'
import { StoreError } from '../store-error.ts'
import type { MethodName, WorkerMethods } from './rpc.ts'
import { linkWorker } from './worker-link.ts'

export interface BrowserStoreInit {
  /** Tells stores of one origin apart: letters, digits, `-` and `_`. */
  name: string
  /** Of a store that has one. */
  passphrase?: string
}

export interface BrowserStore extends EncryptedStore {
  /** Whether a passphrase protects the keys. Without one, whoever can read the browser's profile can read the store. */
  hasPassphrase(): Promise<boolean>
  /**
   * Protects the keys with another passphrase from now on, or with none. Throws {@link StoreError} `wrong-key` or
   * `needs-passphrase` unless `old` is the one that is set. Takes about a second, in the worker.
   */
  setPassphrase(next: string | undefined, old: string | undefined): Promise<void>
}

/**
 * Opens the store of that name in this origin, creating it when there is none. It lives in a worker of its own, in the
 * origin's private file system. Throws {@link StoreError}: `store-locked` while any tab has it open, `unsupported`
 * where the browser lacks what it needs, `needs-passphrase`, `wrong-key` for another passphrase, `store-corrupt`, `disk-full`, `store-failed`.
 */
export async function openBrowserStore({ name, passphrase }: BrowserStoreInit): Promise<BrowserStore> {
  if (!/^[\w-]{1,64}$/.test(name)) throw new TypeError('a store’s name is 1 to 64 letters, digits, - and _')
  assertSupported()
  let open = true
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: `sotto-store-${name}` })
  const link = linkWorker(worker, () => {
    open = false
  })
  try {
    await link.call('open', name, passphrase)
  } catch (error) {
    link.end(new StoreError('store-closed'))
    throw error
  }

  async function call<M extends MethodName>(
    method: M,
    ...args: Parameters<WorkerMethods[M]>
  ): Promise<Awaited<ReturnType<WorkerMethods[M]>>> {
    if (!open) throw new StoreError('store-closed')
    return link.call(method, ...args)
  }

  return {
    get: (table, key) => call('get', table, key) as never,
    list: (table, range) => call('list', table, range) as never,
    listBy: (index, range) => call('listBy', index, range) as never,
    search: (query, options) => call('search', query, options),
    commit: (changes) => call('commit', changes.map(withOwnBytes)),
    rotateSecretsKey: () => call('rotateSecretsKey'),
    hasPassphrase: () => call('hasPassphrase'),
    setPassphrase: (next, old) => call('setPassphrase', next, old),
    async close() {
      if (!open) return
      open = false
      try {
        await link.call('close')
      } finally {
        link.end(new StoreError('store-closed'))
      }
    },
  }
}

function assertSupported(): void {
  if (!globalThis.isSecureContext) {
    throw new StoreError('unsupported', 'Sotto needs a secure page. Open it over https, or on 127.0.0.1.')
  }
  const { navigator, indexedDB, crypto, Worker } = globalThis
  const needed: unknown[] = [navigator.storage, navigator.locks, indexedDB, crypto.subtle, Worker]
  if (needed.includes(undefined)) {
    throw new StoreError('unsupported', 'This browser cannot keep data safely. Update it, or use another one.')
  }
}

/** A view of a larger buffer would be cloned with all of that buffer. */
function withOwnBytes(change: Change): Change {
  if (!('put' in change)) return change
  const cells = Object.entries(change.row).map(([name, cell]: [string, unknown]) => [
    name,
    cell instanceof Uint8Array && cell.byteLength < cell.buffer.byteLength ? cell.slice() : cell,
  ])
  return { ...change, row: Object.fromEntries(cells) } as Change
}
