import { ok, refuse } from '@sotto/interface'
import { SUITE, type GroupEngine } from './engine.ts'
import { isXWingPublicKey } from './provider/x-wing-key.ts'
import type { GroupResult } from './reasons.ts'

/** A key pair outside any group, for what one device asks of others: they seal their answer to the public half. */
export interface AskKeys {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** What is sealed to a key: HPKE's encapsulated key, and the ciphertext with its tag. */
export interface SealedTo {
  readonly enc: Uint8Array
  readonly sealed: Uint8Array
}

/** A fresh pair. Whoever keeps the private half can read every answer; it is deleted once they have come. */
export async function createAskKeys(engine: GroupEngine): Promise<AskKeys> {
  const { hpke } = engine[SUITE]
  const pair = await hpke.generateKeyPair()
  return {
    publicKey: await hpke.exportPublicKey(pair.publicKey),
    privateKey: await hpke.exportPrivateKey(pair.privateKey),
  }
}

/** Seals to somebody's key by HPKE (RFC 9180, base mode). `info` says what for: it opens under the same only. */
export async function sealTo(
  engine: GroupEngine,
  publicKey: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
): Promise<GroupResult<SealedTo>> {
  if (!isXWingPublicKey(publicKey)) return refuse('bad-key-package')
  const { hpke } = engine[SUITE]
  const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), plaintext, info)
  return ok({ enc, sealed: ct })
}

/** What was sealed so. Total for whatever a peer sends; throws when the private key is none of ours. */
export async function openSealedTo(
  engine: GroupEngine,
  privateKey: Uint8Array,
  info: Uint8Array,
  { enc, sealed }: SealedTo,
): Promise<GroupResult<Uint8Array>> {
  const { hpke } = engine[SUITE]
  const key = await hpke.importPrivateKey(privateKey)
  try {
    return ok(await hpke.open(key, enc, sealed, info))
  } catch {
    return refuse('undecryptable') // The library's only way to say so.
  }
}
