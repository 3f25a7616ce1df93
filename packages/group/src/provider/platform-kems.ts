import type { Kems } from '@sotto/interface'
import { equalBytes } from './equal-bytes.ts'
import { nobleKems } from './noble-kems.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The part of WebCrypto's `SubtleCrypto` that is used here: its X25519, and the modern algorithms that not every platform has yet. */
export interface KemSubtle {
  importKey(
    format: 'raw' | 'raw-public' | 'raw-seed' | 'pkcs8',
    data: Bytes,
    algorithm: 'X25519' | 'ML-KEM-768',
    extractable: boolean,
    usages: string[],
  ): Promise<unknown>
  exportKey(format: 'raw' | 'raw-public', key: never): Promise<ArrayBuffer>
  getPublicKey(key: never, usages: string[]): Promise<unknown>
  deriveBits(algorithm: { name: 'X25519'; public: never }, key: never, length: 256): Promise<ArrayBuffer>
  encapsulateBits(algorithm: 'ML-KEM-768', key: never): Promise<{ sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }>
  decapsulateBits(algorithm: 'ML-KEM-768', key: never, ciphertext: Bytes): Promise<ArrayBuffer>
}

/** PKCS #8 around a 32-byte X25519 key (RFC 8410). */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20]

/**
 * X25519 and ML-KEM-768 of the platform, if it has both and they agree with ours; ten times as fast. Keys are imported each
 * time and never kept: most are used once.
 */
export async function platformKems(subtle: Partial<KemSubtle>): Promise<Kems | undefined> {
  if (!hasAll(subtle)) return undefined
  const kems = kemsOf(subtle)
  try {
    return (await agrees(kems)) ? kems : undefined
  } catch {
    return undefined // does not know one of the two
  }
}

function hasAll(subtle: Partial<KemSubtle>): subtle is KemSubtle {
  return [subtle.getPublicKey, subtle.encapsulateBits, subtle.decapsulateBits].every((each) => each !== undefined)
}

function kemsOf(subtle: KemSubtle): Kems {
  const x25519Key = (secret: Uint8Array) =>
    subtle.importKey('pkcs8', Uint8Array.from([...PKCS8_PREFIX, ...secret]), 'X25519', false, ['deriveBits'])
  const mlKemKey = (seed: Uint8Array) =>
    subtle.importKey('raw-seed', Uint8Array.from(seed), 'ML-KEM-768', false, ['decapsulateBits'])
  return {
    x25519: {
      async publicKey(secretKey) {
        const key = await subtle.getPublicKey((await x25519Key(secretKey)) as never, [])
        return new Uint8Array(await subtle.exportKey('raw', key as never))
      },
      async shared(secretKey, publicKey) {
        const theirs = await subtle.importKey('raw', Uint8Array.from(publicKey), 'X25519', false, [])
        const parts = { name: 'X25519', public: theirs as never } as const
        return new Uint8Array(await subtle.deriveBits(parts, (await x25519Key(secretKey)) as never, 256))
      },
    },
    mlKem768: {
      async publicKey(seed) {
        const key = await subtle.getPublicKey((await mlKemKey(seed)) as never, ['encapsulateBits'])
        return new Uint8Array(await subtle.exportKey('raw-public', key as never))
      },
      async encapsulate(publicKey) {
        const data = Uint8Array.from(publicKey)
        const key = await subtle.importKey('raw-public', data, 'ML-KEM-768', false, ['encapsulateBits'])
        const { ciphertext, sharedKey } = await subtle.encapsulateBits('ML-KEM-768', key as never)
        return { ciphertext: new Uint8Array(ciphertext), shared: new Uint8Array(sharedKey) }
      },
      async decapsulate(seed, ciphertext) {
        const key = await mlKemKey(seed)
        return new Uint8Array(await subtle.decapsulateBits('ML-KEM-768', key as never, Uint8Array.from(ciphertext)))
      },
    },
  }
}

/** Known keys, the same on both sides, and what the platform encapsulates, ours opens. */
async function agrees({ x25519, mlKem768 }: Kems): Promise<boolean> {
  const [secret, seed] = [new Uint8Array(32).fill(9), new Uint8Array(64).fill(9)]
  const [point, key] = [await nobleKems.x25519.publicKey(secret), await nobleKems.mlKem768.publicKey(seed)]
  const { ciphertext, shared } = await mlKem768.encapsulate(key, secret)
  const pairs = [
    [await x25519.publicKey(secret), point],
    [await x25519.shared(secret, point), await nobleKems.x25519.shared(secret, point)],
    [await mlKem768.publicKey(seed), key],
    [await mlKem768.decapsulate(seed, ciphertext), shared],
    [await nobleKems.mlKem768.decapsulate(seed, ciphertext), shared],
  ] as const
  return pairs.every(([a, b]) => equalBytes(a, b))
}
