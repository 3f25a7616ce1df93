import { platformCrypto, type Ed25519Subtle } from '../index.ts'
import type { Crypto, Kems } from '@sotto/interface'
import * as openssl from 'node:crypto'
import { createPrivateKey, createPublicKey, diffieHellman, sign, verify, type KeyObject } from 'node:crypto'

// Node's own interface and not its WebCrypto: each call of that goes through the thread pool, which costs more than the work,
// and what is new in it warns on standard error.

/** DER around bare keys: SPKI and PKCS #8 of Ed25519 and X25519 (RFC 8410) and of ML-KEM-768 (RFC 9935, the seed alone). */
const DER = {
  ed25519Public: Buffer.from('302a300506032b6570032100', 'hex'),
  x25519Private: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  x25519Public: Buffer.from('302a300506032b656e032100', 'hex'),
  mlKemPrivate: Buffer.from('3054020100300b060960864801650304040204428040', 'hex'),
  mlKemPublic: Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex'),
}

const ed25519: Ed25519Subtle = {
  importKey: async (format, data) => (format === 'pkcs8' ? privateKey(data) : publicKey(DER.ed25519Public, data)),
  exportKey: async (_, key: KeyObject) => key.export({ format: 'jwk' }),
  // The casts: keys come from `importKey` above, and are opaque to whoever keeps them.
  sign: async (_, key: KeyObject, data) => bytesOf(sign(null, data, key)).buffer,
  verify: async (_, key: KeyObject, signature, data) => verify(null, data, key, signature),
}

const kems: Kems = {
  x25519: {
    publicKey: (secretKey) => rawPublic(privateKey(DER.x25519Private, secretKey), DER.x25519Public),
    shared: (secretKey, theirs) =>
      bytesOf(
        diffieHellman({
          privateKey: privateKey(DER.x25519Private, secretKey),
          publicKey: publicKey(DER.x25519Public, theirs),
        }),
      ),
  },
  mlKem768: {
    publicKey: (seed) => rawPublic(privateKey(DER.mlKemPrivate, seed), DER.mlKemPublic),
    encapsulate(theirs) {
      const { ciphertext, sharedKey } = openssl.encapsulate(publicKey(DER.mlKemPublic, theirs))
      return { ciphertext: bytesOf(ciphertext), shared: bytesOf(sharedKey) }
    },
    decapsulate: (seed, ciphertext) => bytesOf(openssl.decapsulate(privateKey(DER.mlKemPrivate, seed), ciphertext)),
  },
}

/** The Crypto port on Node's OpenSSL. Where that has no ML-KEM yet (Node before 24.7), without key encapsulations. */
export const nodeCrypto: Crypto = { ...platformCrypto(ed25519), ...(hasMlKem() ? { kems } : {}) }

function hasMlKem(): boolean {
  try {
    void kems.mlKem768.publicKey(new Uint8Array(64)) // The OpenSSL beneath may be an older one than this Node's own.
    return typeof openssl.encapsulate === 'function'
  } catch {
    return false
  }
}

function privateKey(...der: readonly Uint8Array[]): KeyObject {
  return createPrivateKey({ key: Buffer.concat(der), format: 'der', type: 'pkcs8' })
}

function publicKey(...der: readonly Uint8Array[]): KeyObject {
  return createPublicKey({ key: Buffer.concat(der), format: 'der', type: 'spki' })
}

function rawPublic(key: KeyObject, prefix: Uint8Array): Uint8Array {
  return bytesOf(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(prefix.length))
}

/** A copy of its own: Node's buffers share memory with others. */
function bytesOf(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(buffer)
}
