import { createECDH, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Signature } from 'ts-mls'

const UNCOMPRESSED = 4
const SIZE = 32

/**
 * ECDSA with P-256 and SHA-256 by OpenSSL, in MLS's forms: keys are a number and an uncompressed point, signatures are DER. Suite 2 is not the
 * product's; with the library's plain JavaScript, two thirds of a comparison's time went into it.
 */
export const p256: Signature = {
  sign: async (key, message) => new Uint8Array(sign('sha256', message, privateKey(key))),
  verify: async (key, message, signature) => {
    if (key.length !== 1 + 2 * SIZE || key[0] !== UNCOMPRESSED) return false
    try {
      return verify('sha256', message, publicKey(key), signature)
    } catch {
      return false // no point of the curve
    }
  },
  keygen: async () => {
    const pair = createECDH('prime256v1')
    pair.generateKeys()
    const signKey = new Uint8Array(SIZE)
    const number = pair.getPrivateKey() // without leading zeros
    signKey.set(number, SIZE - number.length)
    return { signKey, publicKey: new Uint8Array(pair.getPublicKey()) }
  },
}

function privateKey(key: Uint8Array): KeyObject {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(key)
  const jwk = { ...jwkOf(pair.getPublicKey()), d: Buffer.from(key).toString('base64url') }
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

function publicKey(key: Uint8Array): KeyObject {
  return createPublicKey({ key: jwkOf(key), format: 'jwk' })
}

function jwkOf(point: Uint8Array): { kty: string; crv: string; x: string; y: string } {
  const part = (from: number) => Buffer.from(point.subarray(from, from + SIZE)).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: part(1), y: part(1 + SIZE) }
}
