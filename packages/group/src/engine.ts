import type { Crypto, Ed25519, Random } from '@sotto/interface'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { sottoSuite } from './provider/suite.ts'

export const SUITE: unique symbol = Symbol('suite')
export const ED25519: unique symbol = Symbol('ed25519')

/** The group engine on our ports: cipher suite 0xf00e. Holds no state; may be shared by all conversations. */
export interface GroupEngine {
  readonly [SUITE]: CiphersuiteImpl
  readonly [ED25519]: Ed25519
}

/** Makes an engine. All randomness comes from `random`, Ed25519 from `crypto`. */
export async function createEngine(parts: { crypto: Crypto; random: Random }): Promise<GroupEngine> {
  return { [SUITE]: sottoSuite(parts.crypto, parts.random), [ED25519]: parts.crypto.ed25519 }
}
