import Database from 'better-sqlite3-multiple-ciphers'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../store-error.ts'
import { sqliteError } from './sqlite-driver.ts'

const LOCK_FILE = 'store.lock'
const PID_FILE = 'store.pid'
/** Two starters can each see the other's first step; the busy one then tries again for this long. */
const CONTEST_MS = 250

/**
 * Takes a home for this process; the answer gives it back. The lock is the operating system's own (SQLite's lock on an
 * empty file), so it ends with the process however that ends, and of two starters exactly one gets it.
 * Throws {@link StoreError} `store-locked`, which names the process that holds it.
 */
export function lockHome(directory: string): () => void {
  const lock = openLock(directory)
  // The holder's number lies in a file of its own: on POSIX, opening and closing the lock's file would end the lock.
  writeFileSync(join(directory, PID_FILE), `${process.pid}\n`, { mode: 0o600 })
  return () => {
    rmSync(join(directory, PID_FILE), { force: true })
    lock.close()
  }
}

function openLock(directory: string): Database.Database {
  let lock: Database.Database | undefined
  try {
    lock = new Database(join(directory, LOCK_FILE), { timeout: CONTEST_MS })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    throw lockedError(directory, cause)
  }
}

function lockedError(directory: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError) || !cause.code.startsWith('SQLITE_BUSY')) return sqliteError(cause)
  const pid = holderOf(directory)
  const holder = pid === undefined ? '' : ` (process ${pid})`
  const message = `Sotto is already running with this home${holder}. Stop it first, or use another --home.`
  return new StoreError('store-locked', message, { cause })
}

function holderOf(directory: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(directory, PID_FILE), 'latin1'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined // it holds the lock and has not written its number yet
  }
}
