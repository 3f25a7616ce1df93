import { createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto'
import { setTimeout as startTimer, clearTimeout as stopTimer } from 'node:timers'

import type { Clock, Crypto, Random } from '@sotto/interface'
import { concat } from 'uint8arrays/concat'

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = startTimer(run, ms).unref()
    return () => stopTimer(timer)
  },
}

export const nodeRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

// RFC 8410: what stands before the 32 bytes of a key in its DER form.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** RFC 8032 Ed25519 by OpenSSL. Verification runs on the thread pool, so that many signatures do not hold up the relay. */
export const nodeCrypto: Crypto = {
  ed25519: {
    publicKey: (seed) =>
      createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length),
    sign: (seed, message) => new Uint8Array(sign(null, message, privateKey(seed))),
    verify: (key, message, signature) =>
      new Promise((resolve) => {
        const publicKey = publicKeyOf(key)
        if (publicKey === undefined || signature.length !== 64) return resolve(false)
        verify(null, message, publicKey, signature, (error, good) => resolve(error === null && good))
      }),
  },
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concat([PKCS8, seed])), format: 'der', type: 'pkcs8' })
}

function publicKeyOf(key: Uint8Array): KeyObject | undefined {
  if (key.length !== 32) return undefined
  try {
    return createPublicKey({ key: Buffer.from(concat([SPKI, key])), format: 'der', type: 'spki' })
  } catch {
    return undefined // Not a point of the curve: nobody can have signed with it.
  }
}
