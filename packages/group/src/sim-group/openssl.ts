import * as openssl from 'node:crypto'
import { createPrivateKey, createPublicKey, diffieHellman, sign, verify, type KeyObject } from 'node:crypto'
import type { Crypto, Kems } from '@sotto/interface'
import { platformCrypto, type Ed25519Subtle } from '../index.ts'
import { nobleKems } from '../provider/noble-kems.ts'

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
  // The casts: keys come from `importKey` above, and are opaque to whoever keeps them.
  sign: async (_, key: KeyObject, data) => bytesOf(sign(null, data, key)).buffer,
  verify: async (_, key: KeyObject, signature, data) => verify(null, data, key, signature),
}

/** What the product uses on Node, but for the one step that takes the platform's own randomness: a seed gives the same bytes each time. */
const kems: Kems = {
  x25519: {
    publicKey: (secretKey) => rawPublic(privateKey(DER.x25519Private, secretKey), DER.x25519Public),
    shared(secretKey, theirs) {
      const keys = {
        privateKey: privateKey(DER.x25519Private, secretKey),
        publicKey: publicKey(DER.x25519Public, theirs),
      }
      return bytesOf(diffieHellman(keys))
    },
  },
  mlKem768: {
    publicKey: (seed) => rawPublic(privateKey(DER.mlKemPrivate, seed), DER.mlKemPublic),
    encapsulate: (theirs, randomness) => nobleKems.mlKem768.encapsulate(theirs, randomness),
    decapsulate: (seed, ciphertext) => bytesOf(openssl.decapsulate(privateKey(DER.mlKemPrivate, seed), ciphertext)),
  },
}

export const seededCrypto: Crypto = { ...platformCrypto(ed25519), kems }

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
