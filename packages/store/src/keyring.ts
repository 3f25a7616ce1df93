import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { StoreError } from './store-error.ts'

export const KEY_BYTES = 32
const ID_BYTES = 8

/** A key for the secret columns. The id is random: it names the key in the database without telling anything of it. */
export interface SecretsKey {
  readonly id: string
  readonly key: Uint8Array
}

/**
 * The keys of one store. `dataKey` encrypts every page of the database. There are two secrets keys only while one
 * takes the other's place; the database says which of them is in use.
 */
export interface Keyring {
  readonly dataKey: Uint8Array
  readonly secretsKeys: readonly SecretsKey[]
}

export type RandomBytes = (length: number) => Uint8Array

export function createKeyring(randomBytes: RandomBytes): Keyring {
  return { dataKey: randomBytes(KEY_BYTES), secretsKeys: [createSecretsKey(randomBytes)] }
}

export function createSecretsKey(randomBytes: RandomBytes): SecretsKey {
  return { id: bytesToHex(randomBytes(ID_BYTES)), key: randomBytes(KEY_BYTES) }
}

/** Keyrings are kept as `dataKey ‖ (id ‖ key)…`, all of fixed lengths. Whoever keeps them wraps them first. */
export function encodeKeyring(keyring: Keyring): Uint8Array {
  const parts = keyring.secretsKeys.flatMap(({ id, key }) => [...hexToBytes(id), ...key])
  return Uint8Array.of(...keyring.dataKey, ...parts)
}

/** Throws {@link StoreError} `store-corrupt` for anything but one data key and one or two secrets keys. */
export function decodeKeyring(bytes: Uint8Array): Keyring {
  const entry = ID_BYTES + KEY_BYTES
  const count = (bytes.length - KEY_BYTES) / entry
  if (count !== 1 && count !== 2) throw new StoreError('store-corrupt')
  const secretsKeys = Array.from({ length: count }, (_, at) => {
    const start = KEY_BYTES + at * entry
    const id = bytesToHex(bytes.slice(start, start + ID_BYTES))
    return { id, key: bytes.slice(start + ID_BYTES, start + entry) }
  })
  return { dataKey: bytes.slice(0, KEY_BYTES), secretsKeys }
}
