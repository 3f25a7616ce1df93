import { decodeKeyring, encodeKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import type { Stretching } from '../passphrase.ts'
import { StoreError } from '../store-error.ts'
import { lockFor, seal, unseal } from './passphrase-lock.ts'
import type { PassphraseLock } from './passphrase-lock.ts'

/**
 * A keyring as the browser keeps it: sealed under an AES-GCM key that WebCrypto uses for us and never hands out. Each
 * time the keyring changes it gets a wrapping key of its own, so that an old record opens nothing once that is gone.
 */
interface KeyRecord {
  readonly name: string
  readonly wrappingKey: CryptoKey
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
  /** Where a passphrase is set: what is sealed here is itself sealed, under the key that this makes of it. */
  readonly stretching?: Stretching
}

const DATABASE = 'sotto-store-keys'
const KEYRINGS = 'keyrings'
const ALGORITHM = 'AES-GCM'
const NONCE_BYTES = 12

/** An opened keyring, and the lock that it is kept under where it has one. */
export interface OpenKeyring {
  readonly keyring: Keyring
  readonly lock: PassphraseLock | undefined
}

/**
 * Answers undefined when there is none. Throws {@link StoreError}: `needs-passphrase` and `wrong-key` when it cannot be
 * opened with what was given.
 */
export async function readKeyring(name: string, passphrase?: string): Promise<OpenKeyring | undefined> {
  const record = await withKeyrings('readonly', (keyrings) => keyrings.get(name) as IDBRequest<KeyRecord | undefined>)
  if (record === undefined) return undefined
  const plain = await unwrap(name, record)
  if (record.stretching === undefined) return { keyring: decodeKeyring(plain), lock: undefined }
  const lock = await lockFor(passphrase, record.stretching)
  return { keyring: decodeKeyring(await unseal(lock, plain)), lock }
}

/** Keeps a keyring in place of the one before, under a passphrase's lock if one is given. */
export async function writeKeyring(name: string, { keyring, lock }: OpenKeyring): Promise<void> {
  const wrappingKey = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const plain = Uint8Array.from(encodeKeyring(keyring))
  const inner = lock === undefined ? plain : await seal(lock, plain)
  const sealed = await crypto.subtle.encrypt(parametersOf(name, nonce), wrappingKey, inner)
  plain.fill(0)
  const record: KeyRecord = { name, wrappingKey, nonce, sealed, ...(lock && { stretching: lock.stretching }) }
  await withKeyrings('readwrite', (keyrings) => keyrings.put(record))
}

async function unwrap(name: string, { nonce, wrappingKey, sealed }: KeyRecord): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parametersOf(name, nonce), wrappingKey, sealed))
  } catch (cause) {
    const message = 'The key of the stored data is damaged, so it cannot be read. Start again as a new device.'
    throw new StoreError('wrong-key', message, { cause })
  }
}

function parametersOf(name: string, nonce: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: ALGORITHM, iv: nonce, additionalData: new TextEncoder().encode(`sotto store keyring 1 ${name}`) }
}

/** Runs one request in a transaction of its own and answers once that is on the disk. */
async function withKeyrings<T>(mode: IDBTransactionMode, ask: (keyrings: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase()
  try {
    const transaction = database.transaction(KEYRINGS, mode, { durability: 'strict' })
    const request = ask(transaction.objectStore(KEYRINGS))
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(keyError(transaction.error))
    })
    return request.result
  } finally {
    database.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => void request.result.createObjectStore(KEYRINGS, { keyPath: 'name' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(keyError(request.error))
  })
}

function keyError(cause: DOMException | null): StoreError {
  return new StoreError(cause?.name === 'QuotaExceededError' ? 'disk-full' : 'store-failed', undefined, { cause })
}
