import { createKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { openSqlStore } from '../sql/open-sql-store.ts'
import type { OpenedSqlStore } from '../sql/open-sql-store.ts'
import { StoreError } from '../store-error.ts'
import { readKeyring, writeKeyring } from './key-store.ts'
import { openPool } from './opfs-pool.ts'
import type { Pool } from './opfs-pool.ts'
import { lockName } from './store-lock.ts'
import { openWasm } from './wasm-driver.ts'

/** Opens a store inside its worker: the lock first, then the files, the keys, the database. */
export async function openWorkerStore(name: string): Promise<OpenedSqlStore & { close(): void }> {
  const unlock = await lockName(name)
  let pool: Pool | undefined
  try {
    pool = await openPool(name)
    const keyring = await openKeyring(name, pool.hasDatabase)
    const driver = openWasm(pool, keyring.dataKey)
    const opened = await openSqlStore({
      driver,
      keyring,
      randomBytes,
      saveKeyring: (changed) => writeKeyring(name, changed),
    }).catch((error: unknown) => {
      driver.close()
      throw error
    })
    const held = pool
    return {
      ...opened,
      close() {
        try {
          opened.store.close()
          held.release()
        } finally {
          unlock()
        }
      },
    }
  } catch (error) {
    pool?.release()
    unlock()
    throw error
  }
}

async function openKeyring(name: string, needed: boolean): Promise<Keyring> {
  const found = await readKeyring(name)
  if (found !== undefined) return found
  if (needed) {
    const message =
      'The key of the stored data is gone from this browser, so it cannot be read. Start again as a new device.'
    throw new StoreError('wrong-key', message)
  }
  const created = createKeyring(randomBytes)
  await writeKeyring(name, created)
  return created
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
