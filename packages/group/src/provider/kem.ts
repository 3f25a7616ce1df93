import type { MaybePromise } from '@sotto/interface'

/** A key encapsulation mechanism as HPKE uses it (RFC 9180 section 4). Private keys are seeds of `privateKeyLength` bytes. */
export interface Kem {
  /** Its number in the registry of HPKE. */
  readonly id: number
  readonly privateKeyLength: number
  /** Bytes of randomness that {@link encapsulate} takes. */
  readonly randomness: number
  derivePrivateKey(ikm: Uint8Array): Uint8Array
  publicKey(privateKey: Uint8Array): MaybePromise<Uint8Array>
  /** Throws where the public key is none. */
  encapsulate(publicKey: Uint8Array, randomness: Uint8Array): MaybePromise<{ shared: Uint8Array; enc: Uint8Array }>
  /** Throws where `enc` can come from no encapsulation. */
  decapsulate(privateKey: Uint8Array, enc: Uint8Array): MaybePromise<Uint8Array>
}
