import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse } from '@sotto/interface'
import type { ContentTypeName } from 'ts-mls/contentType.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import { decodeMessage } from './message-codec.ts'
import type { GroupResult } from './reasons.ts'
import type { EpochState } from './state.ts'

/** A private message (RFC 9420 6.3) of that content type for exactly this epoch number of this conversation. */
export function privateMessageFor(
  state: EpochState,
  bytes: Uint8Array,
  contentType: ContentTypeName,
  limit: number,
): GroupResult<PrivateMessage> {
  const decoded = decodeMessage('mls_private_message', bytes, limit)
  if (!decoded.ok) return decoded
  const { privateMessage } = decoded.value
  if (privateMessage.contentType !== contentType) return refuse('not-a-message')
  if (bytesToHex(privateMessage.groupId) !== state.conversation) return refuse('wrong-conversation')
  return privateMessage.epoch === state.epoch ? ok(privateMessage) : refuse('wrong-epoch')
}
