import { bytesToHex } from '@noble/hashes/utils.js'
import { ok, refuse, type EpochId } from '@sotto/interface'
import { decryptSenderData, type PrivateMessage } from 'ts-mls/privateMessage.js'
import type { SenderData } from 'ts-mls/sender.js'
import { SUITE, type GroupEngine } from '../engine.ts'
import { MAX_PLAINTEXT, MESSAGE_OVERHEAD } from '../limits.ts'
import { decodeMessage } from '../message-codec.ts'
import type { GroupResult } from '../reasons.ts'
import { INNER, type EpochState } from '../state.ts'

/** Which key a private message was sealed with. Two messages with one key give away both. */
export interface UsedKey {
  readonly epochId: EpochId
  /** Each leaf has two ratchets in an epoch. */
  readonly ratchet: 'application' | 'handshake'
  readonly leaf: number
  readonly generation: number
}

/** Reads the key's place out of a message of that epoch (RFC 9420 section 6.3.2). For tests: no client needs to know it. */
export async function usedKey(
  engine: GroupEngine,
  state: EpochState,
  message: Uint8Array,
): Promise<GroupResult<UsedKey>> {
  const decoded = decodeMessage('mls_private_message', message, MAX_PLAINTEXT + MESSAGE_OVERHEAD)
  if (!decoded.ok) return decoded
  const { privateMessage } = decoded.value
  if (bytesToHex(privateMessage.groupId) !== state.conversation) return refuse('wrong-conversation')
  if (privateMessage.epoch !== state.epoch) return refuse('wrong-epoch')
  const sender = await senderOf(engine, state, privateMessage)
  if (sender === undefined) return refuse('undecryptable')
  const { leafIndex: leaf, generation } = sender
  const ratchet = privateMessage.contentType === 'application' ? 'application' : 'handshake'
  return ok({ epochId: state.epochId, ratchet, leaf, generation })
}

async function senderOf(
  engine: GroupEngine,
  state: EpochState,
  message: PrivateMessage,
): Promise<SenderData | undefined> {
  const { senderDataSecret } = state[INNER].mls.keySchedule
  try {
    return await decryptSenderData(message, senderDataSecret, engine[SUITE])
  } catch {
    return undefined
  }
}
