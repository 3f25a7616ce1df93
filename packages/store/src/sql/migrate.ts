import { StoreError } from '../store-error.ts'
import { transact } from './driver.ts'
import type { SqlDriver } from './driver.ts'
import { MIGRATIONS } from './schema.ts'

/**
 * Brings the database to the newest version in one transaction and answers that version. `user_version` holds it.
 * Throws `unsupported` for a database that a newer Sotto wrote.
 */
export function migrate(driver: SqlDriver, migrations: readonly (readonly string[])[] = MIGRATIONS): number {
  const version = Number(driver.all('PRAGMA user_version')[0]?.[0] ?? 0)
  if (version > migrations.length) {
    throw new StoreError('unsupported', 'A newer version of Sotto wrote this data. Update Sotto to open it.')
  }
  if (version < migrations.length) {
    transact(driver, () => {
      for (const statement of migrations.slice(version).flat()) driver.run(statement)
      driver.run(`PRAGMA user_version = ${migrations.length}`)
    })
  }
  return migrations.length
}
