import type { Store } from '@sotto/interface'
import { createSecretsKey } from '../keyring.ts'
import type { Keyring, RandomBytes, SecretsKey } from '../keyring.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { StoreError } from '../store-error.ts'
import { keyVault } from '../vault.ts'
import type { Vault } from '../vault.ts'
import type { SyncStore } from '../sync-store.ts'
import type { SqlDriver } from './driver.ts'
import { migrate } from './migrate.ts'
import { resealSecrets, secretsKeyInUse, setSecretsKeyInUse } from './secrets.ts'
import { sqlStore } from './sql-store.ts'

/** A store whose secrets can be put under a new key. */
export interface EncryptedStore extends Store {
  /**
   * Seals all secrets (MLS states, generation and invitation secrets, private key packages) under a new random key and
   * destroys the old one: after deletes, so that what the disk still remembers of them cannot be opened. Call it
   * seldom: every secret is written again.
   */
  rotateSecretsKey(): Promise<void>
}

/** What both platforms bring: the open connection, the keys, where the keys are kept. */
export interface SqlStoreParts {
  readonly driver: SqlDriver
  readonly keyring: Keyring
  readonly randomBytes: RandomBytes
  /** Keeps the keyring durably in place of the one before, which it destroys as well as the platform can. */
  readonly saveKeyring: (keyring: Keyring) => Promise<void>
}

export interface OpenedSqlStore {
  readonly store: SyncStore
  readonly rotateSecretsKey: () => Promise<void>
}

/** Migrates, finds the secrets key in use, and finishes a change of keys that was cut short. */
export async function openSqlStore({
  driver,
  keyring,
  randomBytes,
  saveKeyring,
}: SqlStoreParts): Promise<OpenedSqlStore> {
  migrate(driver)
  let current = currentKey(driver, keyring)
  let vault = keyVault(current.key, randomBytes)
  const currentVault: Vault = {
    seal: (plain, place) => vault.seal(plain, place),
    open: (sealed, place) => vault.open(sealed, place),
  }
  const { dataKey } = keyring
  if (keyring.secretsKeys.length > 1) await saveKeyring({ dataKey, secretsKeys: [current] })

  const rotate = async (): Promise<void> => {
    const next = createSecretsKey(randomBytes)
    await saveKeyring({ dataKey, secretsKeys: [current, next] })
    const nextVault = keyVault(next.key, randomBytes)
    resealSecrets(driver, vault, nextVault, next.id)
    vault = nextVault
    current = next
    await saveKeyring({ dataKey, secretsKeys: [current] })
  }
  // A second change in the midst of a first would take the key out of the keyring under which the first puts everything.
  const inTurn = oneAtATime()
  return { store: sqlStore(driver, currentVault), rotateSecretsKey: () => inTurn(rotate) }
}

function currentKey(driver: SqlDriver, keyring: Keyring): SecretsKey {
  const id = secretsKeyInUse(driver)
  const key = keyring.secretsKeys.find((each) => id === undefined || each.id === id)
  if (key === undefined) {
    throw new StoreError(
      'wrong-key',
      'The keys and the stored data do not belong together. Restore both from one copy.',
    )
  }
  if (id === undefined) setSecretsKeyInUse(driver, key.id)
  return key
}
