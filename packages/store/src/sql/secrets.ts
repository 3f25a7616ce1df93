import type { Table } from '@sotto/interface'
import { TABLES, columnsOf } from '../columns.ts'
import type { Vault } from '../vault.ts'
import { rowCells } from '../cells.ts'
import { rowFromSql, rowToSql } from './codec.ts'
import { transact } from './driver.ts'
import type { SqlDriver } from './driver.ts'
import { getSql, keysSql, putSql } from './statements.ts'

const SECRET_TABLES: readonly Table[] = TABLES.filter((table) => columnsOf(table).some(({ type }) => type === 'secret'))

/** The id of the key that the secret columns are sealed under, or undefined in a new database. */
export function secretsKeyInUse(driver: SqlDriver): string | undefined {
  const id = driver.all('SELECT "secretsKey" FROM "keyring"')[0]?.[0]
  return typeof id === 'string' ? id : undefined
}

export function setSecretsKeyInUse(driver: SqlDriver, id: string): void {
  driver.run(
    'INSERT INTO "keyring" VALUES (1, ?) ON CONFLICT ("one") DO UPDATE SET "secretsKey" = excluded."secretsKey"',
    [id],
  )
}

/** Seals every secret column anew, in one transaction, and empties the log that still holds the old pages. */
export function resealSecrets(driver: SqlDriver, from: Vault, to: Vault, id: string): void {
  transact(driver, () => {
    for (const table of SECRET_TABLES) {
      for (const key of driver.all(keysSql(table))) {
        const found = driver.all(getSql(table), key)[0]
        if (found === undefined) continue
        const row = rowFromSql(table, found, from)
        driver.run(putSql(table), rowToSql(table, rowCells(table, row), to))
      }
    }
    setSecretsKeyInUse(driver, id)
  })
  driver.all('PRAGMA wal_checkpoint(TRUNCATE)')
}
