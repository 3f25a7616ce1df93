import type { Database, PreparedStatement } from '@evolu/sqlite-wasm'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { SqlCell, SqlDriver } from '../sql/driver.ts'
import { StoreError } from '../store-error.ts'
import { DATABASE_FILE } from './opfs-pool.ts'
import type { Pool } from './opfs-pool.ts'

/** Opens or creates the encrypted database in a pool: the same settings as on Node. */
export function openWasm(pool: Pool, dataKey: Uint8Array): SqlDriver {
  const guard = guardFor(pool)
  const database = guard(() => new pool.sqlite.oo1.DB(`file:${DATABASE_FILE}?vfs=${pool.vfs}`, 'c'))
  try {
    for (const pragma of [
      `cipher = 'chacha20'`,
      `key = "x'${bytesToHex(dataKey)}'"`,
      'temp_store = MEMORY',
      'locking_mode = EXCLUSIVE', // before the log: it then needs no shared memory, which OPFS has not
      'journal_mode = WAL',
      'journal_size_limit = 0',
      'synchronous = FULL',
      'secure_delete = ON',
      'cache_size = -16000',
    ]) {
      guard(() => database.exec(`PRAGMA ${pragma}`))
    }
    guard(() => database.selectValue('SELECT count(*) FROM sqlite_schema')) // here a wrong key shows
  } catch (error) {
    database.close()
    throw error
  }
  return driverOf(pool, database, guard)
}

type Guard = <T>(work: () => T) => T

function driverOf(pool: Pool, database: Database, guard: Guard): SqlDriver {
  const prepared = new Map<string, PreparedStatement>()
  const { SQLITE_TEXT, SQLITE_BLOB } = pool.sqlite.capi
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  function cellAt(statement: PreparedStatement, at: number): SqlCell {
    // SQLite's own text getter stops at the first NUL.
    const type = pool.sqlite.capi.sqlite3_column_type(statement.pointer as number, at)
    if (type === SQLITE_TEXT) return decoder.decode(statement.get(at, SQLITE_BLOB) as Uint8Array)
    return statement.get(at) as SqlCell
  }

  function withStatement<T>(sql: string, cells: readonly SqlCell[], use: (statement: PreparedStatement) => T): T {
    return guard(() => {
      const statement = prepared.get(sql) ?? database.prepare(sql)
      prepared.set(sql, statement)
      try {
        if (cells.length > 0) statement.bind(cells)
        return use(statement)
      } finally {
        statement.reset(true)
      }
    })
  }

  return {
    run(sql, cells = []) {
      withStatement(sql, cells, (statement) => {
        while (statement.step());
      })
    },
    all(sql, cells = []) {
      return withStatement(sql, cells, (statement) => {
        const rows: SqlCell[][] = []
        while (statement.step())
          rows.push(Array.from({ length: statement.columnCount }, (_, at) => cellAt(statement, at)))
        return rows
      })
    },
    close() {
      for (const statement of prepared.values()) statement.finalize()
      try {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {
        // A full disk has no room for it. The log then stays beside the database and is read again at the next opening.
      }
      guard(() => database.close())
    },
  }
}

function guardFor(pool: Pool): Guard {
  const { SQLITE_FULL, SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_IOERR } = pool.sqlite.capi
  return (work) => {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof pool.sqlite.SQLite3Error)) throw cause
      const code = cause.resultCode & 0xff
      if (code === SQLITE_FULL || (code === SQLITE_IOERR && pool.tookDiskFull())) {
        throw new StoreError('disk-full', undefined, { cause })
      }
      if (code === SQLITE_NOTADB) throw new StoreError('wrong-key', undefined, { cause })
      if (code === SQLITE_CORRUPT) throw new StoreError('store-corrupt', undefined, { cause })
      throw new StoreError('store-failed', undefined, { cause })
    }
  }
}
