import { bytesToHex } from '@noble/hashes/utils.js'
import type { Crypto } from '@sotto/interface'
import { fromString } from 'uint8arrays/from-string'
import { isPlainEd25519Key } from './ed25519-key.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The part of WebCrypto's `SubtleCrypto` that is used here. */
export interface Ed25519Subtle {
  importKey(
    format: 'raw' | 'pkcs8',
    data: Bytes,
    algorithm: 'Ed25519',
    extractable: boolean,
    usages: ('sign' | 'verify')[],
  ): Promise<unknown>
  /** RFC 8037: `x` is the public key, in base64url without padding. */
  exportKey(format: 'jwk', key: never): Promise<{ x?: string }>
  sign(algorithm: 'Ed25519', key: never, data: Bytes): Promise<ArrayBuffer>
  verify(algorithm: 'Ed25519', key: never, signature: Bytes, data: Bytes): Promise<boolean>
}

/** Imported keys kept per direction. A conversation has at most 512 devices. */
const CACHED = 1024
/** PKCS #8 around a 32-byte Ed25519 seed (RFC 8410). */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]

/**
 * The Crypto port on WebCrypto. Importing a key costs more than using it, so imported keys are kept.
 * Use `nobleCrypto` where the platform has no Ed25519: `importKey` rejects there.
 */
export function platformCrypto(subtle: Ed25519Subtle): Crypto {
  const signingKey = (seed: Uint8Array, isExtractable: boolean): Promise<unknown> =>
    subtle.importKey('pkcs8', Uint8Array.from([...PKCS8_PREFIX, ...seed]), 'Ed25519', isExtractable, ['sign'])
  const signing = new KeyCache((seed) => signingKey(seed, false))
  const verifying = new KeyCache((key) => subtle.importKey('raw', key, 'Ed25519', false, ['verify']))
  return {
    ed25519: {
      async publicKey(seed) {
        const { x = '' } = await subtle.exportKey('jwk', (await signingKey(seed, true)) as never)
        return Uint8Array.from(fromString(x, 'base64url')) // Node's buffers share memory with others.
      },
      async sign(seed, message) {
        const key = await signing.get(seed)
        return new Uint8Array(await subtle.sign('Ed25519', key as never, Uint8Array.from(message)))
      },
      async verify(publicKey, message, signature) {
        if (signature.length !== 64 || !isPlainEd25519Key(publicKey)) return false
        try {
          const key = await verifying.get(publicKey)
          return await subtle.verify('Ed25519', key as never, Uint8Array.from(signature), Uint8Array.from(message))
        } catch {
          return false // not a point of the curve
        }
      },
    },
  }
}

/** The most recently used imported keys, by their bytes. */
class KeyCache {
  readonly #keys = new Map<string, Promise<unknown>>()
  readonly #load: (bytes: Bytes) => Promise<unknown>

  constructor(load: (bytes: Bytes) => Promise<unknown>) {
    this.#load = load
  }

  get(bytes: Uint8Array): Promise<unknown> {
    const name = bytesToHex(bytes)
    const key = this.#keys.get(name) ?? this.#load(Uint8Array.from(bytes))
    this.#keys.delete(name)
    this.#keys.set(name, key)
    if (this.#keys.size > CACHED) this.#keys.delete(this.#keys.keys().next().value ?? name)
    return key
  }
}
