import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { counterChanges } from './fixtures/counter.ts'
import { temporaryHome } from './fixtures/temporary-home.ts'
import { openNodeStore } from './open-node-store.ts'
import { openSqlite } from './sqlite-driver.ts'

async function keyringOf(file: string): Promise<Keyring> {
  const { keys } = JSON.parse(await readFile(file, 'utf8')) as { keys: string }
  return decodeKeyring(new Uint8Array(Buffer.from(keys, 'hex')))
}

async function sealedState(directory: string): Promise<Buffer> {
  const { dataKey } = await keyringOf(join(directory, 'store.key'))
  const driver = openSqlite(join(directory, 'store.db'), dataKey)
  const [row] = driver.all('SELECT "state" FROM "epochs"')
  driver.close()
  return Buffer.from(row?.[0] as Uint8Array)
}

test('a new secrets key seals every secret anew and the old one is gone', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  await store.commit(counterChanges(7))
  const before = await keyringOf(join(directory, 'store.key'))
  await store.rotateSecretsKey()
  const [epoch] = await store.list('epochs')
  expect(epoch?.state).toEqual(new Uint8Array(4_000).fill(7))
  await store.commit(counterChanges(8))
  await store.close()

  const after = await keyringOf(join(directory, 'store.key'))
  expect(after.dataKey).toEqual(before.dataKey)
  expect(after.secretsKeys).toHaveLength(1)
  expect(after.secretsKeys[0]?.id).not.toBe(before.secretsKeys[0]?.id)
  const state = await sealedState(directory)
  expect(state.includes(Buffer.alloc(16, 8))).toBe(false)
  const again = await openNodeStore({ directory })
  expect((await again.list('epochs'))[0]?.state).toEqual(new Uint8Array(4_000).fill(8))
  await again.close()
  await expect(again.rotateSecretsKey()).rejects.toMatchObject({ code: 'store-closed' })
})

test('changes of keys that are asked for at once are made one after the other', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  await store.commit(counterChanges(7))
  await Promise.all([store.rotateSecretsKey(), store.rotateSecretsKey(), store.rotateSecretsKey()])
  await store.close()
  expect((await keyringOf(join(directory, 'store.key'))).secretsKeys).toHaveLength(1)
  const again = await openNodeStore({ directory })
  expect((await again.list('epochs'))[0]?.state).toEqual(new Uint8Array(4_000).fill(7))
  await again.close()
})

test('a change of keys that was cut short is finished at the next opening, on either side of the cut', async () => {
  const directory = await temporaryHome()
  const store = await openNodeStore({ directory })
  await store.commit(counterChanges(7))
  const key = join(directory, 'store.key')
  await store.rotateSecretsKey()
  await store.close()
  const [inUse] = (await keyringOf(key)).secretsKeys

  for (const order of ['old first', 'new first']) {
    const { dataKey } = await keyringOf(key)
    const foreign = Buffer.concat([Buffer.alloc(8, 1), Buffer.alloc(32, 2)])
    const used = Buffer.concat([Buffer.from(inUse?.id ?? '', 'hex'), inUse?.key ?? Buffer.alloc(0)])
    const both = order === 'old first' ? [foreign, used] : [used, foreign]
    const keys = Buffer.concat([dataKey, ...both]).toString('hex')
    await writeFile(key, JSON.stringify({ version: 1, stretching: null, keys }))
    const opened = await openNodeStore({ directory })
    expect((await opened.list('epochs'))[0]?.state).toEqual(new Uint8Array(4_000).fill(7))
    await opened.close()
    expect((await keyringOf(key)).secretsKeys).toEqual([inUse])
  }
})
