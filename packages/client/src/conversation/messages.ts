import { checkSeal, type CheckedSeal } from '@sotto/core'
import type { Opened } from '@sotto/group'
import type { DeviceId, EpochId, Result } from '@sotto/interface'
import { decodeSeal, fromHex } from '@sotto/wire'
import type { Conversation } from './conversation.ts'
import type { Arrival, Handled } from './arrival.ts'
import { openFar } from './far.ts'
import { floorsOf } from '../groups/floors.ts'

/** Opens an application message with the state that its epochId names, and applies the events in it. */
export async function receiveApplication(
  conversation: Conversation,
  epochId: EpochId,
  mls: Uint8Array,
  { origin, seen }: Arrival,
): Promise<Handled> {
  const { context, epochs } = conversation
  const epoch = await epochs.get(epochId)
  if (epoch === undefined) return { park: epochId }
  const opened = await openFar(conversation, epoch, mls)
  if (!opened.ok) return { refused: opened.reason }
  const seal = await sealIn(conversation, epochId, opened.value)
  // Its key is used up whatever the seal says.
  const changes = [await epochs.moved(opened.value.state), seen]
  if (!seal.ok) {
    await context.store.commit(changes)
    conversation.moved(opened.value.state)
    context.logger.debug('refused', { reason: seal.reason })
    return { done: true }
  }
  const { sender } = opened.value
  const [now, jitter] = [context.clock.now(), jitterOf(context.random.bytes(4))]
  await conversation.step(
    { type: 'opened', sender, seal: seal.value, via: origin.via, known: [], now, jitter },
    { changes, committed: () => conversation.moved(opened.value.state) },
  )
  return { done: true }
}

/** The seal in an opened message, with its device signature checked over the bytes that came. */
async function sealIn(
  conversation: Conversation,
  epochId: EpochId,
  { plaintext, sender }: Opened,
): Promise<Result<CheckedSeal>> {
  const decoded = decodeSeal(plaintext)
  if (!decoded.ok) return decoded
  const floorOf = floorsOf(conversation)
  const checked = checkSeal({ conversation: conversation.id, epochId, sender, floorOf }, decoded.value)
  if (!checked.ok) return checked
  return (await isSigned(conversation, sender, checked.value)) ? checked : { ok: false, reason: 'bad-signature' }
}

function isSigned(conversation: Conversation, sender: DeviceId, seal: CheckedSeal): boolean | Promise<boolean> {
  return conversation.context.crypto.ed25519.verify(fromHex(sender), seal.statement, seal.signature)
}

/** A number in [0, 1) from four random bytes. */
export function jitterOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32
}
