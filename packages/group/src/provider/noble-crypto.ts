import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Crypto } from '@sotto/interface'
import { equalBytes } from './equal-bytes.ts'
import { isPlainEd25519Key } from './ed25519-key.ts'

const { Point } = ed25519

/** The Crypto port in plain JavaScript: for platforms without Ed25519 in WebCrypto, and for tests. About ten times slower. */
export const nobleCrypto: Crypto = {
  ed25519: {
    publicKey: (secretKey) => ed25519.getPublicKey(secretKey),
    sign: (secretKey, message) => ed25519.sign(message, secretKey),
    verify,
  },
}

/** RFC 8032 5.1.7 without the cofactor and with a comparison of encodings, as OpenSSL and BoringSSL do it. */
function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isPlainEd25519Key(publicKey)) return false
  const encodedR = signature.subarray(0, 32)
  const s = numberOf(signature.subarray(32))
  if (s >= Point.Fn.ORDER) return false
  try {
    const a = Point.fromBytes(publicKey)
    const k = numberOf(sha512.create().update(encodedR).update(publicKey).update(message).digest()) % Point.Fn.ORDER
    const r = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k))
    return equalBytes(r.toBytes(), encodedR)
  } catch {
    return false // no point of the curve
  }
}

function numberOf(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
