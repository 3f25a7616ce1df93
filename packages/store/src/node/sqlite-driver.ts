import Database from 'better-sqlite3-multiple-ciphers'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { SqlCell, SqlDriver } from '../sql/driver.ts'
import { StoreError } from '../store-error.ts'

/**
 * Opens or creates an encrypted database: ChaCha20-Poly1305 pages under a raw 32-byte key, write-ahead log, an fsync
 * for every commit. Nothing reaches the disk in the clear: temporary tables stay in memory.
 */
export function openSqlite(file: string, dataKey: Uint8Array): SqlDriver {
  const database = guarded(() => new Database(file, { timeout: 0 }))
  try {
    for (const pragma of [
      `cipher = 'chacha20'`,
      `key = "x'${bytesToHex(dataKey)}'"`,
      'temp_store = MEMORY',
      'locking_mode = EXCLUSIVE', // one process: no shared-memory file is needed
      'journal_mode = WAL',
      'journal_size_limit = 0',
      'synchronous = FULL',
      'secure_delete = ON',
      'cache_size = -16000',
    ]) {
      guarded(() => database.pragma(pragma))
    }
    guarded(() => database.prepare('SELECT count(*) FROM sqlite_schema').get()) // here a wrong key shows
  } catch (error) {
    database.close()
    throw error
  }
  return driverOf(database)
}

function driverOf(database: Database.Database): SqlDriver {
  const prepared = new Map<string, Database.Statement>()
  function prepare(sql: string): Database.Statement {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    run(sql, cells = []) {
      guarded(() => prepare(sql).run(cells))
    },
    all(sql, cells = []) {
      const rows = guarded(() => prepare(sql).raw().all(cells)) as SqlCell[][]
      return rows.map((row) => row.map(plainBytes))
    },
    close() {
      try {
        database.pragma('wal_checkpoint(TRUNCATE)')
      } catch {
        // A full disk has no room for it. The log then stays beside the database and is read again at the next opening.
      }
      guarded(() => database.close())
    },
  }
}

/** better-sqlite3 gives Buffers; the store promises Uint8Arrays that nobody else holds. */
function plainBytes(cell: SqlCell): SqlCell {
  return cell instanceof Uint8Array ? new Uint8Array(cell) : cell
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw sqliteError(error)
  }
}

/** Names what SQLite threw for a person. Everything else passes. */
export function sqliteError(cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause
  const { code } = cause
  if (code === 'SQLITE_FULL') return new StoreError('disk-full', undefined, { cause })
  if (code === 'SQLITE_NOTADB') {
    const message =
      'The key file does not open this home’s data: one of them is damaged or from elsewhere. Restore both from one copy.'
    return new StoreError('wrong-key', message, { cause })
  }
  if (code.startsWith('SQLITE_CORRUPT')) return new StoreError('store-corrupt', undefined, { cause })
  if (code.startsWith('SQLITE_BUSY')) return new StoreError('store-locked', undefined, { cause })
  return new StoreError('store-failed', undefined, { cause })
}
