import type { MaybePromise } from '@sotto/interface'
import type { PrivateKey, PublicKey } from 'ts-mls/crypto/hpke.js'

// The library takes keys for those of WebCrypto, but only hands them on to us. Hence the casts.

interface OurPublicKey {
  bytes(): MaybePromise<Uint8Array>
}

interface OurPrivateKey {
  readonly bytes: Uint8Array
}

/** A public key in the library's form; `bytes` is asked when somebody wants to know. */
export function publicKeyOf(bytes: () => MaybePromise<Uint8Array>): PublicKey {
  return { bytes } satisfies OurPublicKey as unknown as PublicKey
}

export async function bytesOfPublic(key: PublicKey): Promise<Uint8Array> {
  return (key as unknown as OurPublicKey).bytes()
}

export function privateKeyOf(bytes: Uint8Array): PrivateKey {
  return { bytes } satisfies OurPrivateKey as unknown as PrivateKey
}

export function bytesOfPrivate(key: PrivateKey): Uint8Array {
  return (key as unknown as OurPrivateKey).bytes
}
