import type { Crypto } from '@sotto/interface'
import { nodeCrypto } from './node-crypto.ts'
import { nobleKems } from '../provider/noble-kems.ts'

const { kems = nobleKems } = nodeCrypto

/** What the product uses on Node, but for the one step that takes the platform's own randomness: a seed gives the same bytes each time. */
export const seededCrypto: Crypto = {
  ...nodeCrypto,
  kems: { ...kems, mlKem768: { ...kems.mlKem768, encapsulate: nobleKems.mlKem768.encapsulate } },
}
