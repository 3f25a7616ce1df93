import { chmod, copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { counterChanges } from './fixtures/counter.ts'
import { temporaryHome } from './fixtures/temporary-home.ts'
import { openNodeStore } from './open-node-store.ts'
import { openSqlite } from './sqlite-driver.ts'

// Stretching a passphrase is slow on purpose.
vi.setConfig({ testTimeout: 60_000 })

async function filesOf(directory: string): Promise<Map<string, Buffer>> {
  const names = await readdir(directory)
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)))
}

async function homeWithRows(passphrase?: string): Promise<string> {
  const directory = await temporaryHome()
  const store = await openNodeStore(passphrase === undefined ? { directory } : { directory, passphrase })
  await store.commit(counterChanges(1))
  await store.close()
  return directory
}

test('the home is for its owner alone, and so is the key file', async () => {
  const directory = join(await temporaryHome(), 'deep', 'home')
  await mkdir(directory, { recursive: true })
  await chmod(directory, 0o755)
  const store = await openNodeStore({ directory })
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  expect((await stat(join(directory, 'store.key'))).mode & 0o777).toBe(0o600)
  await store.setPassphrase('another')
  expect((await stat(join(directory, 'store.key'))).mode & 0o777).toBe(0o600)
  await store.close()
})

test('no file of the home holds a written word, a search word or a secret, open or closed', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  const state = new TextEncoder().encode('ratchetsecretratchetsecret')
  for (const change of counterChanges(1)) {
    if (!('put' in change)) continue
    if (change.put === 'events') change.row.text = 'Rhododendron blossoms'
    if (change.put === 'epochs') change.row.state = state
    await store.commit([change])
  }
  const check = async (): Promise<void> => {
    const files = await filesOf(directory)
    expect([...files.keys()]).toContain('store.db')
    for (const [name, content] of files) {
      for (const word of ['hododendron', 'blossom', 'ratchetsecret', 'SQLite format']) {
        expect(content.includes(word), `${word} in ${name}`).toBe(false)
      }
    }
  }
  await check()
  await store.close()
  await check()
  expect([...(await filesOf(directory)).keys()].toSorted()).toEqual(['store.db', 'store.key', 'store.lock'])
})

test('a passphrase guards the home, and can be changed and taken away', async () => {
  const directory = await homeWithRows('first')
  await expect(openNodeStore({ directory, passphrase: 'other' })).rejects.toMatchObject({ code: 'wrong-key' })
  await expect(openNodeStore({ directory })).rejects.toMatchObject({ code: 'wrong-key' })
  const store = await openNodeStore({ directory, passphrase: 'first' })
  await store.setPassphrase('second')
  await store.close()
  await expect(openNodeStore({ directory, passphrase: 'first' })).rejects.toMatchObject({ code: 'wrong-key' })
  const again = await openNodeStore({ directory, passphrase: 'second' })
  expect(await again.list('events')).toHaveLength(1)
  await again.setPassphrase(undefined)
  await again.close()
  await (await openNodeStore({ directory })).close()
})

test('a missing or foreign key file is named, and no new one is made over the data', async () => {
  const [directory, other] = [await homeWithRows(), await homeWithRows()]
  const key = join(directory, 'store.key')
  await copyFile(key, join(other, 'own.key'))
  await copyFile(join(other, 'store.key'), key)
  await expect(openNodeStore({ directory })).rejects.toMatchObject({ code: 'wrong-key' })
  await rm(key)
  await expect(openNodeStore({ directory })).rejects.toMatchObject({
    code: 'wrong-key',
    message: 'The key file of this home (store.key) is missing. Restore it from a copy.',
  })
  await copyFile(join(other, 'own.key'), key)
  const store = await openNodeStore({ directory })
  expect(await store.list('events')).toHaveLength(1)
  await store.close()
})

test('damaged pages are found and named', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  for (let count = 1; count <= 200; count += 1) await store.commit(counterChanges(count))
  await store.close()
  const file = join(directory, 'store.db')
  const content = await readFile(file)
  for (let at = 8 * 4096 + 100; at < content.length; at += 4096) content[at] = (content[at] ?? 0) ^ 1
  await writeFile(file, content)
  const read = async (): Promise<void> => {
    const damaged = await openNodeStore({ directory })
    try {
      await damaged.list('events')
    } finally {
      await damaged.close()
    }
  }
  await expect(read()).rejects.toMatchObject({ code: 'store-corrupt' })
})

test('a home that a newer version wrote is left alone', async () => {
  const directory = await homeWithRows()
  const { keys } = JSON.parse(await readFile(join(directory, 'store.key'), 'utf8')) as { keys: string }
  const driver = openSqlite(join(directory, 'store.db'), Uint8Array.from(Buffer.from(keys, 'hex').subarray(0, 32)))
  driver.run('PRAGMA user_version = 99')
  driver.close()
  await expect(openNodeStore({ directory })).rejects.toMatchObject({
    code: 'unsupported',
    message: 'A newer version of Sotto wrote this data. Update Sotto to open it.',
  })
})

test('a home that is a file is named', async () => {
  const directory = join(await temporaryHome(), 'file')
  await writeFile(directory, 'x')
  await expect(openNodeStore({ directory })).rejects.toMatchObject({ code: 'store-failed' })
})
