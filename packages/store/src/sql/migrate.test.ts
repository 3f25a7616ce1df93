import { expect, test } from 'vitest'
import { temporaryHome } from '../node/fixtures/temporary-home.ts'
import { openSqlite } from '../node/sqlite-driver.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './schema.ts'

test('each version is reached once, in order, and a failed step changes nothing', async () => {
  const driver = openSqlite(`${await temporaryHome()}/store.db`, new Uint8Array(32))
  const version = (): unknown => driver.all('PRAGMA user_version')[0]?.[0]
  expect(migrate(driver)).toBe(MIGRATIONS.length)
  expect(version()).toBe(MIGRATIONS.length)
  migrate(driver)

  const next = [...MIGRATIONS, ['CREATE TABLE "later" ("a" TEXT) STRICT', `INSERT INTO "later" VALUES ('x')`]]
  expect(() => migrate(driver, [...next, ['CREATE TABLE "half" ("a" TEXT)', 'NO SQL']])).toThrow()
  expect(version()).toBe(MIGRATIONS.length)
  expect(driver.all(`SELECT name FROM sqlite_schema WHERE name IN ('later', 'half')`)).toEqual([])

  expect(migrate(driver, next)).toBe(MIGRATIONS.length + 1)
  expect(driver.all('SELECT * FROM "later"')).toEqual([['x']])
  expect(() => migrate(driver)).toThrow('A newer version of Sotto wrote this data.')
  driver.close()
})
