import { createKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { openSqlStore } from '../sql/open-sql-store.ts'
import type { OpenedSqlStore } from '../sql/open-sql-store.ts'
import { StoreError } from '../store-error.ts'
import { readKeyring, writeKeyring } from './key-store.ts'
import type { OpenKeyring } from './key-store.ts'
import { openPool } from './opfs-pool.ts'
import type { Pool } from './opfs-pool.ts'
import { createLock } from './passphrase-lock.ts'
import { lockName } from './store-lock.ts'
import { openWasm } from './wasm-driver.ts'

/** A store as its worker holds it. */
export interface WorkerStore extends OpenedSqlStore {
  hasPassphrase(): boolean
  /** Throws {@link StoreError} `wrong-key` unless `old` is the passphrase that is set now, or none is. */
  setPassphrase(next: string | undefined, old: string | undefined): Promise<void>
  close(): void
}

/** Opens a store inside its worker: the lock first, then the files, the keys, the database. */
export async function openWorkerStore(name: string, passphrase: string | undefined): Promise<WorkerStore> {
  const unlock = await lockName(name)
  let pool: Pool | undefined
  try {
    pool = await openPool(name)
    const keys = await openKeys(name, passphrase, pool.hasDatabase)
    const driver = openWasm(pool, keys.keyring.dataKey)
    const opened = await openSqlStore({ driver, keyring: keys.keyring, randomBytes, saveKeyring: keys.save }).catch(
      (error: unknown) => {
        driver.close()
        throw error
      },
    )
    const held = pool
    return {
      ...opened,
      hasPassphrase: keys.hasPassphrase,
      setPassphrase: keys.setPassphrase,
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

interface Keys extends Pick<WorkerStore, 'hasPassphrase' | 'setPassphrase'> {
  readonly keyring: Keyring
  save(keyring: Keyring): Promise<void>
}

/** The keys of a store, kept as the last word on passphrases says. */
async function openKeys(name: string, passphrase: string | undefined, needed: boolean): Promise<Keys> {
  let kept = await openKeyring(name, passphrase, needed)
  const inTurn = oneAtATime()
  return {
    keyring: kept.keyring,
    save: (keyring) =>
      inTurn(async () => {
        kept = { ...kept, keyring }
        await writeKeyring(name, kept)
      }),
    hasPassphrase: () => kept.lock !== undefined,
    async setPassphrase(next, old) {
      await readKeyring(name, old)
      const lock = next === undefined ? undefined : await createLock(next)
      // The keys may have changed while the passphrase was stretched, and may be changing.
      await inTurn(async () => {
        await writeKeyring(name, { ...kept, lock })
        kept = { ...kept, lock }
      })
    },
  }
}

async function openKeyring(name: string, passphrase: string | undefined, needed: boolean): Promise<OpenKeyring> {
  const found = await readKeyring(name, passphrase)
  if (found !== undefined) return found
  if (needed) {
    const message =
      'The key of the stored data is gone from this browser, so it cannot be read. Start again as a new device.'
    throw new StoreError('wrong-key', message)
  }
  const created = { keyring: createKeyring(randomBytes), lock: undefined }
  await writeKeyring(name, created)
  return created
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
