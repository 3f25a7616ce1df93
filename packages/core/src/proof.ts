import {
  ok,
  refuse,
  type ConversationId,
  type DeviceId,
  type EpochId,
  type EventId,
  type Result,
} from '@sotto/interface'
import { decodeEventHeader, eventIdOf, fromHex, toHex, verifyMerklePath } from '@sotto/wire'
import { concat } from 'uint8arrays/concat'

import { statementBytes } from './statement.ts'

/** That one event was in a signed seal, without the others: spec/events.md, "Proof of one event". */
export interface EventProof {
  /** Of the seal. */
  readonly epochId: EpochId
  readonly index: number
  readonly count: number
  readonly root: Uint8Array
  readonly signature: Uint8Array
  /** Merkle path from the event to the root, lowest first; 32 bytes each, at most 8. */
  readonly path: readonly Uint8Array[]
}

/** What a valid proof says, if `signature` over `statement` verifies under the key `device`. */
export interface ProvenEvent {
  readonly eventId: EventId
  readonly conversation: ConversationId
  readonly device: DeviceId
  readonly statement: Uint8Array
  readonly signature: Uint8Array
}

export type ProofReason = 'malformed' | 'bad-header' | 'wrong-path'

const VERSION = 1
const FIXED_BYTES = 1 + 32 + 2 + 2 + 32 + 64
const MAX_PATH = 8

/** version ‖ epochId ‖ index (two bytes, big-endian) ‖ count (two bytes) ‖ root ‖ signature ‖ path. */
export function encodeProof({ epochId, index, count, root, signature, path }: EventProof): Uint8Array {
  const numbers = Uint8Array.of(index >>> 8, index & 0xff, count >>> 8, count & 0xff)
  return concat([Uint8Array.of(VERSION), fromHex(epochId), numbers, root, signature, ...path])
}

/** Total. */
export function decodeProof(bytes: Uint8Array): Result<EventProof, 'malformed'> {
  const rest = bytes.length - FIXED_BYTES
  if (bytes[0] !== VERSION || rest < 0 || rest % 32 !== 0 || rest / 32 > MAX_PATH) return refuse('malformed')
  const u16 = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return ok({
    epochId: toHex<EpochId>(bytes.slice(1, 33)),
    index: u16(33),
    count: u16(35),
    root: bytes.slice(37, 69),
    signature: bytes.slice(69, FIXED_BYTES),
    path: Array.from({ length: rest / 32 }, (_, at) => bytes.slice(FIXED_BYTES + 32 * at, FIXED_BYTES + 32 * (at + 1))),
  })
}

/** Total: what an event's header and its proof say. The signature is left to the caller, who has the platform's. */
export function checkProof(header: Uint8Array, proof: Uint8Array): Result<ProvenEvent, ProofReason> {
  const decoded = decodeProof(proof)
  if (!decoded.ok) return decoded
  const read = decodeEventHeader(header)
  if (!read.ok) return refuse('bad-header')
  const { epochId, index, count, root, signature, path } = decoded.value
  const eventId = eventIdOf(header)
  const holds = count <= 256 && verifyMerklePath({ root, id: fromHex(eventId), index, count, path })
  if (!holds) return refuse('wrong-path')
  const conversation: ConversationId = toHex(read.value.conversation)
  const device: DeviceId = toHex(read.value.device)
  const statement = statementBytes({ conversation, epochId, sender: device }, count, root)
  return ok({ eventId, conversation, device, statement, signature })
}
