import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { DeviceId, GenerationId } from '@sotto/interface'
import type { GroupEngine } from './engine.ts'
import { INNER, type EpochState } from './state.ts'

const KEY = 32
const GENERATION_ID = 16
const SALT = utf8ToBytes('sotto/generation/1')

/**
 * A span of epochs that shares addresses and transport keys. `secret` (32 bytes) is the MLS exporter of the epoch that
 * opened it; `id` (16 bytes, hex) is derived from the secret and gives nothing of it away.
 */
export interface Generation {
  readonly id: GenerationId
  readonly secret: Uint8Array
}

/** The keys of a generation, 32 bytes each but for the names. `id` as above, in bytes. */
export interface GenerationKeys {
  readonly id: Uint8Array
  /** XChaCha20-Poly1305 key of envelopes. */
  readonly envelope: Uint8Array
  /** Makes the tags by which a reader recognises an item at several relays. */
  readonly tag: Uint8Array
  /** Makes and checks hello's blinded tags. */
  readonly hello: Uint8Array
  /** Makes the envelopes' nonces. */
  readonly nonce: Uint8Array
  /** Names the gossip topic; 16 bytes. */
  readonly topic: Uint8Array
  /** Shows that what comes over the topic was made by a member. */
  readonly gossip: Uint8Array
  /** Seals what goes with a Welcome under older keys: see {@link sealBeside}. */
  readonly welcome: Uint8Array
}

/** Ed25519 seeds of a mailbox's keys. */
export interface MailboxSeeds {
  readonly read: Uint8Array
  readonly write: Uint8Array
}

/** The generation that this epoch belongs to. */
export async function generationOf(_engine: GroupEngine, state: EpochState): Promise<Generation> {
  return generationFrom(state[INNER].generationSecret)
}

/** The generation of a secret (32 bytes) that came by another way, such as an invitation's link. */
export function generationFrom(secret: Uint8Array): Generation {
  return { id: bytesToHex(derive(secret, 'id', GENERATION_ID)) as GenerationId, secret: Uint8Array.from(secret) }
}

/** The transport keys of a generation secret (32 bytes). */
export function generationKeys(secret: Uint8Array): GenerationKeys {
  return {
    id: derive(secret, 'id', GENERATION_ID),
    envelope: derive(secret, 'envelope', KEY),
    tag: derive(secret, 'tag', KEY),
    hello: derive(secret, 'hello', KEY),
    nonce: derive(secret, 'nonce', KEY),
    topic: derive(secret, 'topic', GENERATION_ID),
    gossip: derive(secret, 'gossip', KEY),
    welcome: derive(secret, 'welcome', KEY),
  }
}

/**
 * The seeds of a mailbox's keys at one relay, so that relays cannot match them. The content lane has one write key for
 * all; the control lane one per device, so that nobody can fill another's part. Control write keys come from the
 * generation secret and the device's id alone: any member could forge them until blinded leaf keys are built.
 */
export function mailboxKeys(secret: Uint8Array, relayId: string, lane: 'content'): MailboxSeeds
export function mailboxKeys(secret: Uint8Array, relayId: string, lane: 'control', device: DeviceId): MailboxSeeds
export function mailboxKeys(
  secret: Uint8Array,
  relayId: string,
  lane: 'content' | 'control',
  device?: DeviceId,
): MailboxSeeds {
  const relay = sha256(utf8ToBytes(relayId))
  const writer = device === undefined ? new Uint8Array() : hexToBytes(device)
  return {
    read: derive(secret, `mailbox/${lane}/read`, KEY, relay),
    write: derive(secret, `mailbox/${lane}/write`, KEY, concatBytes(relay, writer)),
  }
}

/** HKDF-SHA256 with the purpose as its domain: info = length of the purpose (u8) ‖ purpose ‖ context. */
function derive(
  secret: Uint8Array,
  purpose: string,
  length: number,
  context: Uint8Array = new Uint8Array(),
): Uint8Array {
  const name = utf8ToBytes(purpose)
  const info = concatBytes(Uint8Array.of(name.length), name, context)
  return expand(sha256, extract(sha256, secret, SALT), info, length)
}
