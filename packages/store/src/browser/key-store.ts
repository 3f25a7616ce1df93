import { decodeKeyring, encodeKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { StoreError } from '../store-error.ts'

/**
 * A keyring as the browser keeps it: sealed under an AES-GCM key that WebCrypto uses for us and never hands out. Each
 * time the keyring changes it gets a wrapping key of its own, so that an old record opens nothing once that is gone.
 */
interface KeyRecord {
  readonly name: string
  readonly wrappingKey: CryptoKey
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
}

const DATABASE = 'sotto-store-keys'
const KEYRINGS = 'keyrings'
const ALGORITHM = 'AES-GCM'
const NONCE_BYTES = 12

/** Answers undefined when there is none. Throws {@link StoreError} `wrong-key` when it cannot be opened. */
export async function readKeyring(name: string): Promise<Keyring | undefined> {
  const record = await withKeyrings('readonly', (keyrings) => keyrings.get(name) as IDBRequest<KeyRecord | undefined>)
  if (record === undefined) return undefined
  try {
    const plain = await crypto.subtle.decrypt(parametersOf(name, record.nonce), record.wrappingKey, record.sealed)
    return decodeKeyring(new Uint8Array(plain))
  } catch (cause) {
    const message = 'The key of the stored data is damaged, so it cannot be read. Start again as a new device.'
    throw new StoreError('wrong-key', message, { cause })
  }
}

/** Keeps a keyring in place of the one before. */
export async function writeKeyring(name: string, keyring: Keyring): Promise<void> {
  const wrappingKey = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const plain = Uint8Array.from(encodeKeyring(keyring))
  const sealed = await crypto.subtle.encrypt(parametersOf(name, nonce), wrappingKey, plain)
  plain.fill(0)
  const record: KeyRecord = { name, wrappingKey, nonce, sealed }
  await withKeyrings('readwrite', (keyrings) => keyrings.put(record))
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
