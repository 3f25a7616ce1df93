import { nobleCrypto } from '@sotto/group'
import type { Crypto } from '@sotto/interface'
import { toHex } from '@sotto/wire'

const { ed25519 } = nobleCrypto
const MAX_KEPT = 200_000
const kept = new Map<string, Promise<unknown>>()

/** Ed25519 of every scene: what the same bytes gave in an earlier one is not worked out again. */
export const rememberingCrypto: Crypto = {
  ed25519: {
    publicKey: (seed) => once(['public', seed], () => ed25519.publicKey(seed)),
    sign: (seed, message) => once(['sign', seed, message], () => ed25519.sign(seed, message)),
    verify: (key, message, signature) =>
      once(['verify', key, message, signature], () => ed25519.verify(key, message, signature)),
  },
}

async function once<T extends Uint8Array | boolean>(
  ask: readonly (string | Uint8Array)[],
  work: () => T | Promise<T>,
): Promise<T> {
  const name = ask.map((part) => (typeof part === 'string' ? part : toHex(part))).join(' ')
  const answer = (kept.get(name) as Promise<T> | undefined) ?? Promise.resolve(work())
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(name, answer)
  const value = await answer
  return value instanceof Uint8Array ? (value.slice() as T) : value
}
