import type { Change, DeviceId, EpochId } from '@sotto/interface'
import { toHex, type Receipt } from '@sotto/wire'
import { hasLateVoice } from '../groups/late-voice.ts'
import { isSettled, usedKeyPackages } from '../groups/release.ts'
import type { Conversation } from './conversation.ts'
import { unneededNodes } from './tree-nodes.ts'

/** Notes what a receipt says of that, and deletes what can go then. */
export async function forgetEpochs(conversation: Conversation, device: DeviceId, receipt: Receipt): Promise<void> {
  const { tip, state } = conversation
  conversation.agreed.delete(device)
  const known = state.devices.find((entry) => entry.device === device)?.head.seq ?? 0
  if (toHex<EpochId>(receipt.epochId) === tip.epochId && (receipt.own?.seq ?? 0) <= known) {
    conversation.agreed.set(device, tip.epochId)
  }
  await forgetOld(conversation)
}

/**
 * Deletes the states of earlier epochs once nothing can need them: every other device has said, in a receipt under the tip, that it
 * has moved on, and everything it had composed by then is here. What it seals later is sealed under the tip. The commits that led
 * there have arrived with that, and leave the outbox. Of whoever is out, nothing is waited for once it has been for 30 days.
 */
export async function forgetOld(conversation: Conversation): Promise<void> {
  const { context, tip } = conversation
  const isHere = (peer: DeviceId): boolean => conversation.agreed.get(peer) === tip.epochId
  if (!isSettled(conversation) || !conversation.peerDevices.every(isHere) || (await hasLateVoice(conversation))) return
  const rows = await context.store.list('epochs', { prefix: [conversation.id] })
  const old = rows.filter((row) => row.epochId !== tip.epochId)
  const kept = rows.filter((row) => row.epochId === tip.epochId).map(({ state: head }) => head)
  const outbox = await context.store.list('outbox', { prefix: [conversation.id] })
  // Of control chains, receipts say which things have come.
  const followed = conversation.control !== undefined ? [] : outbox.filter((row) => row.kind === 'commit')
  const used = await usedKeyPackages(conversation)
  const changes = [
    ...used,
    ...old.map((row): Change => ({ delete: 'epochs', key: [conversation.id, row.epochId] })),
    ...(old.length === 0 ? [] : await unneededNodes(context.store, conversation.id, kept)),
    ...followed.map((row): Change => ({ delete: 'outbox', key: [conversation.id, row.innerId] })),
  ]
  if (changes.length > 0) await context.store.commit(changes)
  if (old.length === 0 && used.length === 0) return
  for (const row of old) conversation.epochs.forget(row.epochId)
  await context.rotateSecrets?.()
}
