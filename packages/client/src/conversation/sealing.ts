import { batchOf, sealProofs, sealStatement } from '@sotto/core'
import { seal } from '@sotto/group'
import type { Change, Rows } from '@sotto/interface'
import { encodeInner, encodeSeal, fromHex } from '@sotto/wire'
import type { Conversation } from './conversation.ts'
import { outboxRow, putOutbox } from './outbox-row.ts'

/**
 * Seals own events into one MLS message under the tip. The ratchet's new state, the outbox row and core's note of it are one
 * transaction; nothing has left the machine before.
 */
export async function sealOwn(
  conversation: Conversation,
  span: { firstSeq: number; lastSeq: number; again: boolean },
): Promise<void> {
  const { store, crypto, engine, clock, profile } = conversation.context
  const { device, deviceSeed } = profile()
  const rows = await store.list('events', {
    prefix: [conversation.id, device],
    after: [span.firstSeq - 1],
    limit: span.lastSeq - span.firstSeq + 1,
  })
  const batch = batchOf(rows)
  const [first] = batch
  const last = batch.at(-1)
  if (first === undefined || last === undefined) return
  const { tip } = conversation
  const eventIds = batch.map((row) => row.eventId)
  const statement = sealStatement({ conversation: conversation.id, epochId: tip.epochId, sender: device }, eventIds)
  const signature = await crypto.ed25519.sign(deviceSeed, statement)
  const events = batch.map(({ header, salt, body }) => ({ header, salt, body }))
  const sealed = await seal(engine, tip, encodeSeal({ events, signature }))
  const inner = encodeInner({
    item: { case: 'application', value: { epochId: fromHex(tip.epochId), mls: sealed.message } },
  })
  const row = outboxRow({
    conversation: conversation.id,
    kind: 'application',
    inner,
    generation: conversation.generation.id,
    createdAt: clock.now(),
    firstSeq: first.seq,
    lastSeq: last.seq,
  })
  const changes = [
    await conversation.epochs.moved(sealed.state),
    ...putOutbox(row),
    ...proofChanges(batch, sealProofs(tip.epochId, eventIds, signature)),
  ]
  // Before the transaction: should it fail, the used key stays used here too.
  conversation.moved(sealed.state)
  const { innerId } = row
  await conversation.step(
    {
      type: 'sealed',
      innerId,
      firstSeq: first.seq,
      lastSeq: last.seq,
      lastEventId: last.eventId,
      again: span.again,
      now: clock.now(),
    },
    { changes },
  )
  conversation.outlet.wake(conversation)
}

function proofChanges(batch: readonly Rows['events'][], proofs: readonly Uint8Array[]): Change[] {
  return batch.map((row, index) => ({ put: 'events', row: { ...row, proof: proofs[index] ?? new Uint8Array() } }))
}
