import { decryptSenderData, privateContentAADEncoder, type PrivateMessage } from 'ts-mls/privateMessage.js'
import { encode } from 'ts-mls/codec/tlsEncoder.js'
import { deriveTreeSecret } from 'ts-mls/crypto/kdf.js'
import { deriveKey, deriveNonce, ratchetToGeneration, type SecretTree } from 'ts-mls/secretTree.js'
import type { SenderData } from 'ts-mls/sender.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { SUITE, type GroupEngine } from '../engine.ts'
import { MAX_PLAINTEXT, MESSAGE_OVERHEAD } from '../limits.ts'
import { libraryConfig } from '../library-config.ts'
import { decodeMessage } from '../message-codec.ts'
import { INNER, type EpochState } from '../state.ts'

const ANY_STEPS = { ...libraryConfig().keyRetentionConfig, maximumForwardRatchetSteps: Infinity }
/** How many generations before a message's own a stolen string may be the ratchet's secret of. */
const BACK = 6

type Key = { readonly key: Uint8Array; readonly nonce: Uint8Array }

/**
 * Whether anything in a stolen state opens an application message: the ratchets, turned as far as one likes, and every string of bytes that the
 * state holds anywhere, taken for a ratchet's secret, for the secret of a subtree above its author, and for a key and nonce. Obeys no rule of the
 * engine's, such as that a message opens once. For tests.
 */
export async function opensByForce(engine: GroupEngine, state: EpochState, message: Uint8Array): Promise<boolean> {
  const suite = engine[SUITE]
  const decoded = decodeMessage('mls_private_message', message, MAX_PLAINTEXT + MESSAGE_OVERHEAD)
  if (!decoded.ok) return false
  const { privateMessage } = decoded.value
  const { keySchedule, secretTree } = state[INNER].mls
  const sender = await attempt(() => decryptSenderData(privateMessage, keySchedule.senderDataSecret, suite))
  if (sender === undefined) return false
  const kept = await attempt(() => ratchetToGeneration(secretTree, sender, 'application', ANY_STEPS, suite))
  if (kept !== undefined && (await isOpened(suite, privateMessage, kept))) return true
  for (const bytes of stringsIn(state[INNER], new Set())) {
    for await (const key of readings(suite, bytes, secretTree, sender)) {
      if (await isOpened(suite, privateMessage, key)) return true
    }
  }
  return false
}

/** What a string of bytes may be. */
async function* readings(
  suite: CiphersuiteImpl,
  bytes: Uint8Array,
  { leafWidth }: SecretTree,
  sender: SenderData,
): AsyncGenerator<Key> {
  const { keyLength, nonceLength } = suite.hpke
  const { generation, reuseGuard } = sender
  const guarded = (nonce: Uint8Array): Uint8Array => nonce.map((byte, i) => byte ^ (reuseGuard[i] ?? 0))
  if (bytes.length === keyLength + nonceLength) {
    yield { key: bytes.slice(0, keyLength), nonce: guarded(bytes.slice(keyLength)) }
  }
  if (bytes.length !== suite.kdf.size) return
  for (let from = Math.max(0, generation - BACK); from <= generation; from++) {
    let secret = bytes
    for (let g = from; g < generation; g++)
      secret = await deriveTreeSecret(secret, 'secret', g, suite.kdf.size, suite.kdf)
    const [key, nonce] = [await deriveKey(secret, generation, suite), await deriveNonce(secret, generation, suite)]
    yield { key, nonce: guarded(nonce) }
  }
  for (let node = 0; node < 2 * leafWidth - 1; node++) {
    const tree = { leafWidth, nodes: { [node]: bytes }, leaves: {} }
    const derived = await attempt(() => ratchetToGeneration(tree, sender, 'application', ANY_STEPS, suite))
    if (derived !== undefined) yield derived
  }
}

async function isOpened(suite: CiphersuiteImpl, message: PrivateMessage, { key, nonce }: Key): Promise<boolean> {
  const { groupId, epoch, contentType, authenticatedData, ciphertext } = message
  const aad = encode(privateContentAADEncoder)({ groupId, epoch, contentType, authenticatedData })
  return (await attempt(() => suite.hpke.decryptAead(key, nonce, aad, ciphertext))) !== undefined
}

/** Every string of bytes that can be reached from a value. */
function* stringsIn(value: unknown, seen: Set<object>): Generator<Uint8Array> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (value instanceof Uint8Array) {
    yield value
    return
  }
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value)
  for (const part of parts) yield* stringsIn(part, seen)
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
