import loadSqlite from '@evolu/sqlite-wasm'
import type { SAHPoolUtil, Sqlite3Static } from '@evolu/sqlite-wasm'
import { StoreError } from '../store-error.ts'

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

const FILES_WAIT_MS = 100
const FILES_WAITS = 100

/**
 * Loads SQLite and opens the store's files. A tab that has just been killed may still hold them for a moment although
 * its lock is free already; this waits for that.
 */
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
  const options = { name, directory: `.${name}`, forceReinitIfPreviouslyFailed: true }
  for (let waits = 0; ; waits += 1) {
    try {
      return await withoutRemoval(() => sqlite.installOpfsSAHPoolVfs(options))
    } catch (cause) {
      if (!(cause instanceof DOMException)) throw new StoreError('unsupported', undefined, { cause })
      if (cause.name === 'QuotaExceededError') throw new StoreError('disk-full', undefined, { cause })
      if (cause.name === 'SecurityError') throw new StoreError('unsupported', undefined, { cause })
      if (cause.name !== 'NoModificationAllowedError') throw new StoreError('store-failed', undefined, { cause })
      if (waits === FILES_WAITS) throw new StoreError('store-locked', undefined, { cause })
    }
    await new Promise((resolve) => setTimeout(resolve, FILES_WAIT_MS))
  }
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
