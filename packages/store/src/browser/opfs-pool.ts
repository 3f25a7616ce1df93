import loadSqlite from '@evolu/sqlite-wasm'
import type { SAHPoolUtil, Sqlite3Static } from '@evolu/sqlite-wasm'
import { StoreError } from '../store-error.ts'
import { waitForFiles } from './pool-files.ts'

/** The files of one store in the origin's private file system, all of them open in this worker. */
export interface Pool {
  readonly sqlite: Sqlite3Static
  /** What SQLite calls the file system that encrypts pages on top of these files. */
  readonly vfs: string
  readonly hasDatabase: boolean
  /** True when a write has failed for want of space since the last time it was asked. */
  tookDiskFull(): boolean
  /** Lets go of all files. */
  release(): void
}

export const DATABASE_FILE = '/store.db'

/** Loads SQLite and opens the store's files. Only for who holds the store's lock. */
export async function openPool(name: string): Promise<Pool> {
  let diskFull = false
  const note = (...parts: readonly unknown[]): void => {
    if (parts.some((part) => part instanceof DOMException && part.name === 'QuotaExceededError')) diskFull = true
  }
  // SQLite's own configuration hook: its reports tell what an I/O error was about, and nothing of them goes to the console.
  Object.assign(globalThis, { sqlite3ApiConfig: { error: note, warn: note, log: note, debug: note } })
  const sqlite = await loadSqlite({ print: note, printErr: note })
  const util = await installPool(sqlite, `sotto-${name}`)
  return {
    sqlite,
    vfs: `multipleciphers-${util.vfsName}`,
    hasDatabase: util.getFileNames().includes(DATABASE_FILE),
    tookDiskFull() {
      const took = diskFull
      diskFull = false
      return took
    },
    release: () => void util.pauseVfs(),
  }
}

async function installPool(sqlite: Sqlite3Static, name: string): Promise<SAHPoolUtil> {
  const directory = `.${name}`
  try {
    await waitForFiles(directory)
    return await withoutRemoval(() => sqlite.installOpfsSAHPoolVfs({ name, directory }))
  } catch (cause) {
    throw poolError(cause)
  }
}

function poolError(cause: unknown): unknown {
  if (cause instanceof StoreError) return cause
  const reason = cause instanceof DOMException ? cause.name : ''
  if (reason === 'QuotaExceededError') return new StoreError('disk-full', undefined, { cause })
  if (reason === 'NoModificationAllowedError') return new StoreError('store-locked', undefined, { cause })
  if (reason === 'SecurityError' || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    const message =
      'This browser gives pages no files of their own here. Leave the private window, or use another browser.'
    return new StoreError('unsupported', message, { cause })
  }
  return new StoreError('store-failed', undefined, { cause })
}

/**
 * SQLite's pool answers any trouble while it opens its files by removing the whole folder, database and all. A moment's
 * trouble must not cost the data, so folders cannot be removed meanwhile.
 */
async function withoutRemoval<T>(work: () => Promise<T>): Promise<T> {
  const folders = FileSystemDirectoryHandle.prototype
  const { removeEntry } = folders
  folders.removeEntry = function (name, options) {
    if (options?.recursive === true) return Promise.reject(new DOMException('kept', 'NoModificationAllowedError'))
    return removeEntry.call(this, name, options)
  }
  try {
    return await work()
  } finally {
    folders.removeEntry = removeEntry
  }
}
