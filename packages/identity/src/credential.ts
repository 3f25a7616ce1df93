import { ok, refuse, type AccountId, type Crypto, type DeviceId, type Result } from '@sotto/interface'
import { toHex } from '@sotto/wire'

import { verifyChain, type ChainReason } from './chain.ts'

/** Who an MLS leaf belongs to. */
export interface Credential {
  readonly account: AccountId
  readonly device: DeviceId
}

/** `wrong-key`: the chain holds, but for another device than the one whose signature key is in the leaf. */
export type CredentialReason = ChainReason | 'wrong-key'

/** Checks one leaf: the identity of its basic credential (an encoded DeviceChain) and its signature key. */
export type VerifyCredential = (
  credential: Uint8Array,
  signatureKey: Uint8Array,
) => Promise<Result<Credential, CredentialReason>>

/** The authentication service of RFC 9420 section 5.3.1: every leaf of every tree goes through it. */
export function verifyCredential(crypto: Crypto): VerifyCredential {
  return async (credential, signatureKey) => {
    const chain = await verifyChain(crypto, credential)
    if (!chain.ok) return chain
    const { account, device } = chain.value
    return device === toHex(signatureKey) ? ok({ account, device }) : refuse('wrong-key')
  }
}
