import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Crypto, DeviceId, Random } from '@sotto/interface'
import { decodeHelloProof, encodeHelloProof, fromHex, HELLO, signedBytes, toHex } from '@sotto/wire'
import { concat, fromString } from 'uint8arrays'
import type { GenerationContext } from '../mail/mailboxes.ts'

/** The PeerIds that Noise has proved on this connection, in text form. */
export interface HelloPeers {
  readonly dialler: string
  readonly listener: string
}

export type HelloRole = 'dialler' | 'listener'

const NONCE_BYTES = 24

/** Names a generation to whoever has its secret, and to nobody else; different on every connection. */
export function helloTag(generation: GenerationContext, role: HelloRole, peers: HelloPeers): Uint8Array {
  return hmac(
    sha256,
    generation.keys.hello,
    signedBytes(HELLO, fromString(role), fromString(peers.dialler), fromString(peers.listener)),
  ).slice(0, 16)
}

function statement(
  generation: GenerationContext,
  role: HelloRole,
  peers: HelloPeers,
  nonces: readonly Uint8Array[],
): Uint8Array {
  const [first = new Uint8Array(), second = new Uint8Array()] = nonces
  return signedBytes(
    HELLO,
    fromString(role),
    fromString(peers.dialler),
    fromString(peers.listener),
    fromHex(generation.id),
    first,
    second,
  )
}

/** A proof that `device` is on this end, sealed under the generation's hello key. `nonces`: the dialler's, then the listener's. */
export async function sealHelloProof(
  parts: { crypto: Crypto; random: Random },
  own: { device: DeviceId; seed: Uint8Array; nonce: Uint8Array },
  at: { generation: GenerationContext; role: HelloRole; peers: HelloPeers; nonces: readonly Uint8Array[] },
): Promise<Uint8Array> {
  const signature = await parts.crypto.ed25519.sign(own.seed, statement(at.generation, at.role, at.peers, at.nonces))
  const proof = encodeHelloProof({ device: fromHex(own.device), nonce: own.nonce, signature })
  const nonce = parts.random.bytes(NONCE_BYTES)
  return concat([nonce, xchacha20poly1305(at.generation.keys.hello, nonce).encrypt(proof)])
}

/** Opens a proof without believing it yet: the signature is checked by {@link checkHelloProof} once the nonces are known. */
export function openHelloProof(
  generation: GenerationContext,
  sealed: Uint8Array,
): { device: DeviceId; nonce: Uint8Array; signature: Uint8Array } | undefined {
  if (sealed.length <= NONCE_BYTES) return undefined
  try {
    const cipher = xchacha20poly1305(generation.keys.hello, sealed.subarray(0, NONCE_BYTES))
    const proof = decodeHelloProof(cipher.decrypt(sealed.subarray(NONCE_BYTES)))
    if (!proof.ok) return undefined
    return { device: toHex(proof.value.device) as DeviceId, nonce: proof.value.nonce, signature: proof.value.signature }
  } catch {
    return undefined // not sealed under this key: the library's only way to say so is to throw
  }
}

/** True when that device signed this connection, role and these nonces under this generation. */
export async function checkHelloProof(
  crypto: Crypto,
  proof: { device: DeviceId; signature: Uint8Array },
  at: { generation: GenerationContext; role: HelloRole; peers: HelloPeers; nonces: readonly Uint8Array[] },
): Promise<boolean> {
  return crypto.ed25519.verify(
    fromHex(proof.device),
    statement(at.generation, at.role, at.peers, at.nonces),
    proof.signature,
  )
}
