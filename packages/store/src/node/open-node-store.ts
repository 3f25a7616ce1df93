import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { openSqlStore } from '../sql/open-sql-store.ts'
import type { EncryptedStore } from '../sql/open-sql-store.ts'
import { StoreError } from '../store-error.ts'
import { asyncStore } from '../sync-store.ts'
import { fileError, hasCode, replaceFile } from './durable-file.ts'
import { lockHome } from './home-lock.ts'
import { createWrapping, readKeyFile, writeKeyFile } from './key-file.ts'
import type { Wrapping } from './key-file.ts'
import { openSqlite } from './sqlite-driver.ts'

export interface NodeStoreInit {
  /** The home: a folder of its own, made with mode 0700 if it is not there. */
  directory: string
  /** The passphrase that the home was made with, or is now made with. Without one, whoever reads the disk reads the store. */
  passphrase?: string
}

export interface NodeStore extends EncryptedStore {
  /** Protects the keys with another passphrase from now on, or with none. */
  setPassphrase(passphrase: string | undefined): Promise<void>
}

/**
 * Opens the store of a home, creating it when the home is empty. Throws {@link StoreError}: `store-locked` while any
 * process has it open, `wrong-key` for a passphrase that does not fit, `store-corrupt`, `disk-full`, `store-failed`.
 */
export async function openNodeStore({ directory, passphrase }: NodeStoreInit): Promise<NodeStore> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await chmod(directory, 0o700)
    const unlock = lockHome(directory)
    try {
      return await openLocked(directory, passphrase, unlock)
    } catch (error) {
      unlock()
      throw error
    }
  } catch (error) {
    throw fileError(error)
  }
}

async function openLocked(directory: string, passphrase: string | undefined, unlock: () => void): Promise<NodeStore> {
  const database = join(directory, 'store.db')
  const keys = await openKeyFile(join(directory, 'store.key'), passphrase, await exists(database))
  const driver = openSqlite(database, keys.keyring.dataKey)
  try {
    const { store, rotateSecretsKey } = await openSqlStore({
      driver,
      keyring: keys.keyring,
      randomBytes: plainRandomBytes,
      saveKeyring: keys.save,
    })
    const { assertOpen, ...port } = asyncStore(store, unlock)
    return {
      ...port,
      async rotateSecretsKey() {
        assertOpen()
        await rotateSecretsKey()
      },
      async setPassphrase(next) {
        assertOpen()
        await keys.setPassphrase(next)
      },
    }
  } catch (error) {
    driver.close()
    throw error
  }
}

interface OpenKeyFile {
  readonly keyring: Keyring
  readonly save: (keyring: Keyring) => Promise<void>
  readonly setPassphrase: (passphrase: string | undefined) => Promise<void>
}

async function openKeyFile(path: string, passphrase: string | undefined, needed: boolean): Promise<OpenKeyFile> {
  const text = await readIfThere(path)
  if (text === undefined && needed) {
    throw new StoreError('wrong-key', 'The key file of this home (store.key) is missing. Restore it from a copy.')
  }
  let { keyring, wrapping } = text === undefined ? await createKeys(passphrase) : await readKeyFile(text, passphrase)
  const write = (): Promise<void> => replaceFile(path, writeKeyFile(keyring, wrapping))
  if (text === undefined) await write()
  const inTurn = oneAtATime()
  return {
    keyring,
    save: (changed) =>
      inTurn(async () => {
        keyring = changed
        await write()
      }),
    async setPassphrase(next) {
      const made = await createWrapping(next)
      await inTurn(async () => {
        wrapping = made
        await write()
      })
    },
  }
}

async function createKeys(
  passphrase: string | undefined,
): Promise<{ keyring: Keyring; wrapping: Wrapping | undefined }> {
  return { keyring: createKeyring(plainRandomBytes), wrapping: await createWrapping(passphrase) }
}

function plainRandomBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length))
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
