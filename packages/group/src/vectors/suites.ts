import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import {
  ciphersuites,
  getCiphersuiteFromId,
  type CiphersuiteId,
  type CiphersuiteImpl,
} from 'ts-mls/crypto/ciphersuite.js'
import { makeHpke } from 'ts-mls/crypto/implementation/default/makeHpke.js'
import { makeNobleSignatureImpl } from 'ts-mls/crypto/implementation/default/makeNobleSignatureImpl.js'
import type { Signature, SignatureAlgorithm } from 'ts-mls/crypto/signature.js'
import { chachaAead } from '../provider/aead.ts'
import { hashOf, kdfOf } from '../provider/hash.ts'
import { platformCrypto } from '../provider/platform-crypto.ts'

const HASHES = { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 }
const KDFS = { 'HKDF-SHA256': sha256, 'HKDF-SHA384': sha384, 'HKDF-SHA512': sha512 }

const P521_KEY = 66

const made = new Map<number, Promise<CiphersuiteImpl>>()

/**
 * The standard suites 1 to 7, for vectors only: the product speaks 0xf00e. What 0xf00e shares with them (hashes, HKDF,
 * ChaCha20-Poly1305, Ed25519) is our provider's; other curves and AES come from the library's default provider.
 */
export function suiteOf(id: number): Promise<CiphersuiteImpl> {
  const suite = made.get(id) ?? make(id)
  made.set(id, suite)
  return suite
}

async function make(id: number): Promise<CiphersuiteImpl> {
  if (!Number.isInteger(id) || id < 1 || id > 7) throw new Error(`cipher suite ${id} is not one of 1 to 7`)
  const suite = getCiphersuiteFromId(id as CiphersuiteId)
  if (ciphersuites[suite.name] !== id) throw new Error(`cipher suite ${id} has another number in the library`)
  const hpke = await makeHpke(suite.hpke)
  return {
    name: suite.name,
    hash: hashOf(HASHES[suite.hash]),
    kdf: kdfOf(KDFS[suite.hpke.kdf]),
    hpke: suite.hpke.aead === 'CHACHA20POLY1305' ? { ...hpke, ...chachaAead } : hpke,
    rng: { randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) },
    signature: await signatureOf(suite.signature),
  }
}

async function signatureOf(algorithm: SignatureAlgorithm): Promise<Signature> {
  if (algorithm === 'Ed25519') return ours()
  const signature = await makeNobleSignatureImpl(algorithm)
  if (algorithm !== 'P521') return signature
  // The vectors write P-521 keys without leading zeros (mlswg/mls-implementations issue 176).
  return { ...signature, sign: (key, message) => signature.sign(padded(key, P521_KEY), message) }
}

function padded(key: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length)
  whole.set(key, length - key.length)
  return whole
}

function ours(): Signature {
  const { ed25519 } = platformCrypto(globalThis.crypto.subtle)
  return {
    sign: async (key, message) => ed25519.sign(key, message),
    verify: async (key, message, signature) => ed25519.verify(key, message, signature),
    async keygen() {
      const signKey = globalThis.crypto.getRandomValues(new Uint8Array(32))
      return { signKey, publicKey: await ed25519.publicKey(signKey) }
    },
  }
}
