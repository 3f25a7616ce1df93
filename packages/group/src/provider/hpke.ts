import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Random } from '@sotto/interface'
import type { Hpke, PrivateKey, PublicKey } from 'ts-mls/crypto/hpke.js'
import { CryptoError } from 'ts-mls/mlsError.js'
import { chachaAead } from './aead.ts'
import type { Kem } from './kem.ts'
import { bytesOfPrivate, bytesOfPublic, privateKeyOf, publicKeyOf } from './keys.ts'

const VERSION = utf8ToBytes('HPKE-v1')
const HKDF_SHA512 = 3
const CHACHA20_POLY1305 = 3
const MODE_BASE = Uint8Array.of(0)
const EMPTY = new Uint8Array()

/**
 * HPKE (RFC 9180, base mode, one message) with that KEM, HKDF-SHA512 and ChaCha20-Poly1305, in the form in which MLS calls
 * it. Keys are what the KEM has, as bytes. A public key is computed when it is asked for: most private keys of a path are
 * derived without it.
 */
export function hpkeOf(kem: Kem, random: Random, isPublicKey: (key: Uint8Array) => boolean): Hpke {
  const schedule = keySchedule(kem.id)
  const encapsulate = async (key: PublicKey, info: Uint8Array) => {
    const { shared, enc } = await kem.encapsulate(await bytesOfPublic(key), random.bytes(kem.randomness))
    return { enc, keys: schedule(shared, info) }
  }
  const decapsulate = async (key: PrivateKey, enc: Uint8Array, info: Uint8Array) =>
    schedule(await kem.decapsulate(bytesOfPrivate(key), enc), info)
  const pairOf = (privateKey: Uint8Array) => ({
    privateKey: privateKeyOf(privateKey),
    publicKey: publicKeyOf(() => kem.publicKey(privateKey)),
  })
  return {
    ...chachaAead,
    async seal(publicKey, plaintext, info, aad) {
      const { enc, keys } = await encapsulate(publicKey, info)
      return { enc, ct: await chachaAead.encryptAead(keys.key(), keys.nonce(), aad, plaintext) }
    },
    open: (privateKey, enc, ciphertext, info, aad) =>
      checked(async () => {
        const keys = await decapsulate(privateKey, enc, info)
        return chachaAead.decryptAead(keys.key(), keys.nonce(), aad, ciphertext)
      }),
    async exportSecret(publicKey, context, length, info) {
      const { enc, keys } = await encapsulate(publicKey, info)
      return { enc, secret: keys.exported(context, length) }
    },
    importSecret: (privateKey, context, enc, length, info) =>
      checked(async () => (await decapsulate(privateKey, enc, info)).exported(context, length)),
    async importPrivateKey(key) {
      if (key.length !== kem.privateKeyLength) throw new CryptoError('Not a private key')
      return privateKeyOf(key)
    },
    async importPublicKey(key) {
      if (!isPublicKey(key)) throw new CryptoError('Not a public key')
      return publicKeyOf(() => key)
    },
    exportPublicKey: bytesOfPublic,
    exportPrivateKey: async (key) => bytesOfPrivate(key),
    deriveKeyPair: async (ikm) => pairOf(kem.derivePrivateKey(ikm)),
    generateKeyPair: async () => pairOf(random.bytes(kem.privateKeyLength)),
  }
}

interface Keys {
  key(): Uint8Array
  nonce(): Uint8Array
  exported(context: Uint8Array, length: number): Uint8Array
}

/** KeySchedule of RFC 9420's suite in mode base (RFC 9180 section 5.1), for messages with sequence number 0. */
function keySchedule(kemId: number): (shared: Uint8Array, info: Uint8Array) => Keys {
  const suite = concatBytes(utf8ToBytes('HPKE'), u16(kemId), u16(HKDF_SHA512), u16(CHACHA20_POLY1305))
  const labeled = (label: string): Uint8Array => concatBytes(VERSION, suite, utf8ToBytes(label))
  const labels = { psk: labeled('psk_id_hash'), info: labeled('info_hash'), secret: labeled('secret') }
  const outputs = {
    key: labeled('key'),
    nonce: labeled('base_nonce'),
    exporter: labeled('exp'),
    exported: labeled('sec'),
  }
  const extracted = (salt: Uint8Array, label: Uint8Array, ikm: Uint8Array) =>
    extract(sha512, concatBytes(label, ikm), salt)
  const expanded = (prk: Uint8Array, label: Uint8Array, info: Uint8Array, length: number) =>
    expand(sha512, prk, concatBytes(u16(length), label, info), length)
  const noPsk = extracted(EMPTY, labels.psk, EMPTY)
  return (shared, info) => {
    const context = concatBytes(MODE_BASE, noPsk, extracted(EMPTY, labels.info, info))
    const secret = extracted(shared, labels.secret, EMPTY)
    return {
      key: () => expanded(secret, outputs.key, context, chachaAead.keyLength),
      nonce: () => expanded(secret, outputs.nonce, context, chachaAead.nonceLength),
      exported: (exporterContext, length) =>
        expanded(
          expanded(secret, outputs.exporter, context, sha512.outputLen),
          outputs.exported,
          exporterContext,
          length,
        ),
    }
  }
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}

async function checked<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw cause instanceof CryptoError ? cause : new CryptoError('HPKE refused these bytes')
  }
}
