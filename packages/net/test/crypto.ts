import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

import type { Crypto } from '@sotto/interface'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'

const PRIVATE = fromString('302e020100300506032b657004220420', 'base16')
const PUBLIC = fromString('302a300506032b6570032100', 'base16')

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concat([PRIVATE, seed])), format: 'der', type: 'pkcs8' })
}

/** Node's own Ed25519. */
export const crypto: Crypto = {
  ed25519: {
    publicKey: (seed) =>
      new Uint8Array(createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length)),
    sign: (seed, message) => new Uint8Array(sign(null, message, privateKey(seed))),
    verify: (key, message, signature) => {
      const der = Buffer.from(concat([PUBLIC, key]))
      return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
    },
  },
}
