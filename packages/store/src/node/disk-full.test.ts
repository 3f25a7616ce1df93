import type { Store } from '@sotto/interface'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createKeyring } from '../keyring.ts'
import { openSqlStore } from '../sql/open-sql-store.ts'
import { asyncStore } from '../sync-store.ts'
import { temporaryHome } from './fixtures/temporary-home.ts'
import { openNodeStore } from './open-node-store.ts'
import { openSqlite } from './sqlite-driver.ts'

const isRoot = process.getuid?.() === 0
const FULL = { code: 'disk-full', message: 'The disk is full, so nothing was saved. Free some space and try again.' }

/** Writes rows of 50 kB until the store says that the disk is full; answers how many it took. */
async function fill(store: Store): Promise<number> {
  for (let rows = 0; rows < 1_000; rows += 1) {
    const value = new Uint8Array(randomBytes(50_000))
    const commit = store.commit([
      { put: 'meta', row: { key: `first ${rows}`, value: Uint8Array.of(1) } },
      { put: 'meta', row: { key: `row ${rows}`, value } },
    ])
    const failure = await commit.then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure !== undefined) {
      expect(failure).toMatchObject(FULL)
      return rows
    }
  }
  throw new Error('the disk never became full')
}

async function mountSmallDisk(): Promise<string> {
  const directory = await temporaryHome()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory])
  onTestFinished(() => void execFileSync('umount', ['-l', directory]))
  return directory
}

describe.runIf(isRoot)('on a real disk of 2 MB (needs root to mount it)', () => {
  test('a full disk refuses the whole commit, reading goes on, and writing too once there is space', async () => {
    const disk = await mountSmallDisk()
    const ballast = join(disk, 'ballast')
    await writeFile(ballast, randomBytes(400_000))
    const store = await openNodeStore({ directory: join(disk, 'home') })
    const rows = await fill(store)
    expect(rows).toBeGreaterThan(1)
    expect(await store.list('meta', { prefix: [] })).toHaveLength(2 * rows)
    await expect(
      store.commit([{ put: 'meta', row: { key: 'big', value: new Uint8Array(500_000) } }]),
    ).rejects.toMatchObject(FULL)

    await rm(ballast)
    await store.commit([{ put: 'meta', row: { key: 'again', value: Uint8Array.of(1) } }])
    await store.close()
    const opened = await openNodeStore({ directory: join(disk, 'home') })
    expect(await opened.list('meta')).toHaveLength(2 * rows + 1)
    await opened.close()
  })

  test('a disk that is full from the beginning is named when the home is made and when it is opened', async () => {
    const disk = await mountSmallDisk()
    await writeFile(join(disk, 'ballast'), randomBytes(2 * 1024 * 1024 - 16_384))
    await expect(openNodeStore({ directory: join(disk, 'home') })).rejects.toMatchObject(FULL)
    await rm(join(disk, 'ballast'))
    const store = await openNodeStore({ directory: join(disk, 'home') })
    await store.close()
    await writeFile(join(disk, 'ballast'), randomBytes(2 * 1024 * 1024)).catch(() => {}) // as much as there is room for
    await expect(openNodeStore({ directory: join(disk, 'home') })).rejects.toMatchObject(FULL)
  })
})

test('a database that may not grow refuses the whole commit and stays usable', async () => {
  const driver = openSqlite(join(await temporaryHome(), 'store.db'), new Uint8Array(32))
  const keyring = createKeyring((length) => new Uint8Array(randomBytes(length)))
  const { store: inner } = await openSqlStore({
    driver,
    keyring,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    saveKeyring: async () => {},
  })
  const store = asyncStore(inner)
  driver.all('PRAGMA max_page_count = 200')
  const rows = await fill(store)
  expect(await store.list('meta')).toHaveLength(2 * rows)
  driver.all('PRAGMA max_page_count = 4000')
  await store.commit([{ put: 'meta', row: { key: 'again', value: new Uint8Array(200_000) } }])
  expect(await store.list('meta')).toHaveLength(2 * rows + 1)
  await store.close()
})
