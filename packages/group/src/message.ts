import { ok, refuse, SottoError, type DeviceId } from '@sotto/interface'
import { createApplicationMessage } from 'ts-mls/createMessage.js'
import { processPrivateMessage, type ProcessMessageResult } from 'ts-mls/processMessages.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { SUITE, type GroupEngine } from './engine.ts'
import { MAX_AUTHENTICATED, MAX_PLAINTEXT, MESSAGE_OVERHEAD } from './limits.ts'
import { encodeMessage } from './message-codec.ts'
import { privateMessageFor } from './private-message.ts'
import type { GroupResult } from './reasons.ts'
import { refusalOf } from './refusal.ts'
import { movedOn, roster, withConfig, type EpochState } from './state.ts'

export interface Opened {
  readonly state: EpochState
  readonly plaintext: Uint8Array
  /** Proved by the sender's signature over the message and the group's context. */
  readonly sender: DeviceId
  readonly authenticatedData: Uint8Array
}

/**
 * Seals an application message under the epoch's next key. Store `state` before the message leaves, or a crash uses
 * the key again. Throws `SottoError` (`message-too-large`) above 1 MiB of plaintext or 64 KiB of authenticated data.
 */
export async function seal(
  engine: GroupEngine,
  state: EpochState,
  plaintext: Uint8Array,
  options: { authenticatedData?: Uint8Array } = {},
): Promise<{ state: EpochState; message: Uint8Array }> {
  const authenticatedData = options.authenticatedData ?? new Uint8Array()
  if (plaintext.length > MAX_PLAINTEXT || authenticatedData.length > MAX_AUTHENTICATED) {
    throw new SottoError('message-too-large', 'A message holds at most 1 MiB: send it as a file.')
  }
  const made = await createApplicationMessage(withConfig(state), plaintext, engine[SUITE], authenticatedData)
  const { clientConfig: _, ...mls } = made.newState
  const { privateMessage } = made
  const message = encodeMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
  return { state: movedOn(state, mls), message }
}

/** Opens an application message of this epoch, in any order, each once. */
export async function open(engine: GroupEngine, state: EpochState, message: Uint8Array): Promise<GroupResult<Opened>> {
  const found = privateMessageFor(state, message, 'application', MAX_PLAINTEXT + MESSAGE_OVERHEAD)
  if (!found.ok) return found
  let opened: ProcessMessageResult
  try {
    opened = await processPrivateMessage(withConfig(state), found.value, emptyPskIndex, engine[SUITE])
  } catch (thrown) {
    return refusalOf(thrown, 'undecryptable')
  }
  if (opened.kind !== 'applicationMessage') return refuse('not-a-message')
  const { senderLeafIndex, message: plaintext, authenticatedData } = opened
  const sender = roster(state).find((m) => m.leafIndex === senderLeafIndex)
  if (sender === undefined) return refuse('undecryptable')
  const { clientConfig: _, ...mls } = opened.newState
  return ok({ state: movedOn(state, mls), plaintext, sender: sender.device, authenticatedData })
}
