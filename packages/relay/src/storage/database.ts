import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3-multiple-ciphers'

import { codeOf, RelayError } from '../errors.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

export type Db = Database.Database
export type Statement<Row = unknown> = Database.Statement<unknown[], Row>

const PAGE_BYTES = 4_096

/**
 * Opens (or makes) the relay's database and holds it alone until it is closed or the process ends. A transaction that
 * has returned is on the disk. Throws {@link RelayError} `data-locked` or `data-unusable`.
 */
export function openDatabase(directory: string, maxPages?: number): Db {
  let db: Db | undefined
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, 'relay.db')
    // SQLite gives its journal the mode of the database.
    closeSync(openSync(path, 'a', 0o600))
    db = new Database(path, { timeout: 0 })
    configure(db, maxPages)
    return db
  } catch (error) {
    db?.close()
    throw unusable(directory, error)
  }
}

function configure(db: Db, maxPages: number | undefined): void {
  db.pragma(`page_size = ${PAGE_BYTES}`)
  // The lock of a process that was killed vanishes with it, which a lock file's would not.
  db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('secure_delete = ON')
  db.pragma('journal_size_limit = 0')
  if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`)
  const version = db.pragma('user_version', { simple: true })
  if (version !== 0 && version !== SCHEMA_VERSION) throw new Error(`its format is ${String(version)}`)
  db.transaction(() => {
    db.exec(SCHEMA)
    db.pragma(`user_version = ${SCHEMA_VERSION}`)
  }).exclusive()
}

function unusable(directory: string, error: unknown): RelayError {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new RelayError(
      'data-locked',
      `Another relay is running on the data folder ${directory}. Stop it, or give this one a folder of its own with --data.`,
      { cause: error },
    )
  }
  const reason = code === '' && error instanceof Error ? error.message : code
  return new RelayError(
    'data-unusable',
    `The data folder ${directory} cannot be used (${reason}). Choose another with --data, or make this one readable and writable.`,
    { cause: error },
  )
}
