import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { openDatabase } from './database.ts'
import { GroupCommit } from './group-commit.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-database-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

it('forces every commit to the disk, and overwrites what is deleted', () => {
  const db = openDatabase(directory)
  const read = (name: string): unknown => db.pragma(name, { simple: true })
  expect({ journal: read('journal_mode'), synchronous: read('synchronous'), erase: read('secure_delete') }).toEqual({
    journal: 'wal',
    synchronous: 2, // FULL: the log is synced before a commit returns
    erase: 1,
  })
  db.close()
})

it('refuses a database of a later version instead of spoiling it', () => {
  const db = openDatabase(directory)
  db.pragma('user_version = 99')
  db.close()
  expect(() => openDatabase(directory)).toThrow(/cannot be used \(its format is 99\)/)
})

it('has the tables and columns that are published, and no others', () => {
  const db = openDatabase(directory)
  const tables = db.prepare<unknown[], { name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  )
  const columns = db.prepare<unknown[], { name: string }>('SELECT name FROM pragma_table_info(?)')
  const lines = tables.all().map(({ name }) => {
    const names = columns.all(name).map((column) => column.name)
    return `${name}: ${names.join(' ')}`
  })
  db.close()
  const page = readFileSync(new URL('../../../../docs/what-a-relay-knows.md', import.meta.url), 'utf8')
  expect(/```\n([^`]*)\n```/.exec(page)?.[1]).toBe(lines.join('\n'))
})

it('commits the jobs of a macrotask together, and a failing one alone', async () => {
  const db = openDatabase(directory)
  db.exec('CREATE TABLE t (n INTEGER UNIQUE)')
  const insert = db.prepare('INSERT INTO t VALUES (?)')
  const all = db.prepare<unknown[], { n: number }>('SELECT n FROM t ORDER BY n')
  let rollbacks = 0
  const commits = new GroupCommit(db, () => rollbacks++)
  const job = (n: number): Promise<unknown> => commits.do(() => insert.run(n))
  const results = await Promise.allSettled([job(1), job(2), job(1), job(3)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(all.all().map(({ n }) => n)).toEqual([1, 2, 3])
  expect(rollbacks).toBe(2) // of all together, then of the one
  db.close()
})
