import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { randomBytes } from 'node:crypto'
import { decodeKeyring, encodeKeyring } from '../keyring.ts'
import type { Keyring } from '../keyring.ts'
import { StoreError } from '../store-error.ts'
import { DEFAULT_STRETCHING, isBearable, SALT_BYTES, stretch } from '../passphrase.ts'
import type { Stretching } from '../passphrase.ts'

const NONCE_BYTES = 24
const LABEL = utf8ToBytes('sotto store key file 1')

/** What the key file says: `keys` is the keyring in hex, as it is, or sealed under the stretched passphrase. */
interface KeyFile {
  readonly version: 1
  readonly stretching: Stretching | null
  readonly keys: string
}

/** How a keyring is kept: under the key of a passphrase, or readable to whoever has the file. */
export interface Wrapping {
  readonly stretching: Stretching
  readonly key: Uint8Array
}

export async function createWrapping(passphrase: string | undefined): Promise<Wrapping | undefined> {
  if (passphrase === undefined) return undefined
  const stretching = { ...DEFAULT_STRETCHING, salt: randomBytes(SALT_BYTES).toString('hex') }
  return { stretching, key: await stretch(passphrase, stretching) }
}

export function writeKeyFile(keyring: Keyring, wrapping: Wrapping | undefined): string {
  const plain = encodeKeyring(keyring)
  const keys = bytesToHex(wrapping === undefined ? plain : seal(wrapping.key, plain))
  const file: KeyFile = { version: 1, stretching: wrapping?.stretching ?? null, keys }
  return `${JSON.stringify(file)}\n`
}

/**
 * Reads a key file. Throws {@link StoreError} `wrong-key` when the passphrase is missing, not needed or not the one,
 * `store-corrupt` when this is no key file.
 */
export async function readKeyFile(
  text: string,
  passphrase: string | undefined,
): Promise<{ keyring: Keyring; wrapping: Wrapping | undefined }> {
  const { stretching, keys } = parse(text)
  if (stretching === null) {
    if (passphrase !== undefined) throw new StoreError('wrong-key', 'This home has no passphrase. Open it without one.')
    return { keyring: decodeKeyring(hexToBytes(keys)), wrapping: undefined }
  }
  if (passphrase === undefined)
    throw new StoreError('wrong-key', 'This home has a passphrase. Give it to open the home.')
  const key = await stretch(passphrase, stretching)
  return { keyring: decodeKeyring(unseal(key, hexToBytes(keys))), wrapping: { stretching, key } }
}

function seal(key: Uint8Array, plain: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES))
  return concatBytes(nonce, xchacha20poly1305(key, nonce, LABEL).encrypt(plain))
}

function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return xchacha20poly1305(key, sealed.subarray(0, NONCE_BYTES), LABEL).decrypt(sealed.subarray(NONCE_BYTES))
  } catch (cause) {
    throw new StoreError('wrong-key', 'The passphrase is not the one of this home. Try again.', { cause })
  }
}

function parse(text: string): KeyFile {
  try {
    const file = JSON.parse(text) as KeyFile
    const fits = file.version === 1 && (file.stretching === null || isBearable(file.stretching))
    if (fits && /^(?:[0-9a-f]{2})+$/.test(file.keys)) return file
  } catch {
    // falls through to the one answer for everything that is no key file
  }
  throw new StoreError('store-corrupt', 'The key file of this home (store.key) is damaged. Restore it from a copy.')
}
