/** What SQLite holds in a cell. */
export type SqlCell = string | number | Uint8Array | null

/** One open SQLite connection, synchronous. Every method throws {@link StoreError} and nothing else. */
export interface SqlDriver {
  /** Runs a statement that answers nothing. Prepared statements are kept by their text. */
  run(sql: string, cells?: readonly SqlCell[]): void
  /** All rows, each as the list of its cells. Bytes are the caller's own copies. */
  all(sql: string, cells?: readonly SqlCell[]): SqlCell[][]
  /** Empties the write-ahead log into the database and lets go of the files. */
  close(): void
}

/** Runs `body` as one transaction: all of its writes are on the disk when this returns, or none. */
export function transact<T>(driver: SqlDriver, body: () => T): T {
  driver.run('BEGIN IMMEDIATE')
  try {
    const value = body()
    driver.run('COMMIT')
    return value
  } catch (error) {
    rollBack(driver)
    throw error
  }
}

function rollBack(driver: SqlDriver): void {
  try {
    driver.run('ROLLBACK')
  } catch {
    // SQLite has already rolled back by itself, as it does when the disk is full.
  }
}
