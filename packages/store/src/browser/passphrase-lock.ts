import { bytesToHex } from '@noble/hashes/utils.js'
import { DEFAULT_STRETCHING, isBearable, SALT_BYTES, stretch } from '../passphrase.ts'
import type { Stretching } from '../passphrase.ts'
import { StoreError } from '../store-error.ts'

/** A passphrase in use: how it was stretched, and the key that came of it. */
export interface PassphraseLock {
  readonly stretching: Stretching
  readonly key: CryptoKey
}

const ALGORITHM = 'AES-GCM'
const NONCE_BYTES = 12
const LABEL = new TextEncoder().encode('sotto store passphrase 1')

/** A lock for a new passphrase, with a salt of its own. Takes a good part of a second: for the worker. */
export async function createLock(passphrase: string): Promise<PassphraseLock> {
  const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
  return lockOf(passphrase, { ...DEFAULT_STRETCHING, salt })
}

/** Throws {@link StoreError} `needs-passphrase` without one, `store-corrupt` when the record is no such thing. */
export async function lockFor(passphrase: string | undefined, stretching: Stretching): Promise<PassphraseLock> {
  if (!isBearable(stretching)) throw new StoreError('store-corrupt')
  if (passphrase === undefined) throw new StoreError('needs-passphrase')
  return lockOf(passphrase, stretching)
}

/** The nonce, then the sealed bytes. */
export async function seal({ key }: PassphraseLock, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const sealed = await crypto.subtle.encrypt({ name: ALGORITHM, iv: nonce, additionalData: LABEL }, key, plain)
  return Uint8Array.of(...nonce, ...new Uint8Array(sealed))
}

/** Throws {@link StoreError} `wrong-key` for another passphrase than the one that it was sealed under. */
export async function unseal(
  { key }: PassphraseLock,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parameters = { name: ALGORITHM, iv: sealed.slice(0, NONCE_BYTES), additionalData: LABEL }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed.slice(NONCE_BYTES)))
  } catch (cause) {
    throw new StoreError('wrong-key', 'This is not the passphrase. Try again.', { cause })
  }
}

async function lockOf(passphrase: string, stretching: Stretching): Promise<PassphraseLock> {
  const bytes = Uint8Array.from(await stretch(passphrase, stretching))
  const key = await crypto.subtle.importKey('raw', bytes, ALGORITHM, false, ['encrypt', 'decrypt'])
  bytes.fill(0)
  return { stretching, key }
}
