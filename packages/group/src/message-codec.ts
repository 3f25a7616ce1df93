import { ok, refuse } from '@sotto/interface'
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js'
import type { GroupResult } from './reasons.ts'

type Kind = MLSMessage['wireformat']
export type MessageOf<K extends Kind> = Extract<MLSMessage, { wireformat: K }>

/** Exactly one MLS message of that kind (RFC 9420 section 6), at most `limit` bytes. Never throws. */
export function decodeMessage<K extends Kind>(kind: K, bytes: Uint8Array, limit: number): GroupResult<MessageOf<K>> {
  if (bytes.length > limit) return refuse('too-large')
  try {
    // A copy: the library keeps views into what it decodes, and the caller may reuse its buffer.
    const decoded = decodeMlsMessage(Uint8Array.from(bytes), 0)
    if (decoded === undefined || decoded[1] !== bytes.length) return refuse('not-a-message')
    const [message] = decoded
    return isKind(message, kind) ? ok(message) : refuse('not-a-message')
  } catch {
    return refuse('not-a-message')
  }
}

/** The bytes of an MLS message. */
export function encodeMessage(message: MLSMessage): Uint8Array {
  return encodeMlsMessage(message)
}

function isKind<K extends Kind>(message: MLSMessage, kind: K): message is MessageOf<K> {
  return message.wireformat === kind
}
