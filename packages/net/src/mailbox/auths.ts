import type { Crypto, RelayId } from '@sotto/interface'
import { mailboxAuthBytes, type Request } from '@sotto/wire'

/** What every signature of a session is bound to. */
export interface SessionContext {
  readonly relay: RelayId
  /** 32 random bytes that the relay chose for this session. */
  readonly challenge: Uint8Array
}

/** The keys that signed a request, in order; `undefined` if any signature is bad. */
export async function signersOf(
  { ed25519 }: Crypto,
  { relay, challenge }: SessionContext,
  { id, op, auths }: Request,
): Promise<readonly Uint8Array[] | undefined> {
  const signed = mailboxAuthBytes(relay, challenge, id, op)
  const verdicts = await Promise.all(auths.map(async ({ key, signature }) => ed25519.verify(key, signed, signature)))
  return verdicts.every(Boolean) ? auths.map(({ key }) => key) : undefined
}

/** Signs a request with each seed in turn. */
export async function signRequest(
  { ed25519 }: Crypto,
  { relay, challenge }: SessionContext,
  { id, op }: { readonly id: number; readonly op: Uint8Array },
  keys: readonly { readonly publicKey: Uint8Array; readonly seed: Uint8Array }[],
): Promise<{ key: Uint8Array; signature: Uint8Array }[]> {
  const signed = mailboxAuthBytes(relay, challenge, id, op)
  return Promise.all(
    keys.map(async ({ publicKey, seed }) => ({
      key: publicKey,
      signature: await ed25519.sign(seed, signed),
    })),
  )
}
