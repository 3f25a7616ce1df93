import type { Crypto, Ed25519, Random } from '@sotto/interface'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { Kem } from './provider/kem.ts'
import { nobleKems } from './provider/noble-kems.ts'
import { sottoSuite } from './provider/suite.ts'
import { xWing } from './provider/x-wing.ts'

export const SUITE: unique symbol = Symbol('suite')
export const ED25519: unique symbol = Symbol('ed25519')
export const KEM: unique symbol = Symbol('kem')

/** The group engine on our ports: cipher suite 0xf00e. Holds no state; may be shared by all conversations. */
export interface GroupEngine {
  readonly [SUITE]: CiphersuiteImpl
  readonly [ED25519]: Ed25519
  readonly [KEM]: Kem
}

/**
 * Makes an engine. Ed25519 comes from `crypto`, all randomness from `random`; a `crypto` with key encapsulations of its own may
 * take that of theirs from the platform, so a simulation that must play again in the same way gives none.
 */
export async function createEngine(parts: { crypto: Crypto; random: Random }): Promise<GroupEngine> {
  const { crypto, random } = parts
  const kem = xWing(crypto.kems ?? nobleKems)
  return { [SUITE]: sottoSuite({ crypto, random, kem }), [ED25519]: crypto.ed25519, [KEM]: kem }
}
