import { batchOf, sealStatement, step } from '@sotto/core'
import { seal } from '@sotto/group'
import { encodeInner, encodeSeal, encodeTextBody, fromHex } from '@sotto/wire'
import type { Conversation } from '../src/conversation/conversation.ts'

/**
 * The next texts of a device, sealed and neither stored nor sent: asked again, it makes others in the same places, as only a changed client would. The key
 * that it takes is used up in memory.
 */
export async function sealedByHand(conversation: Conversation, ...words: readonly string[]): Promise<Uint8Array> {
  const { context, tip } = conversation
  const { deviceSeed, device } = context.profile()
  let { state } = conversation
  const effects = words.flatMap((text) => {
    const said = { type: 'compose', kind: 'text', body: encodeTextBody({ text }) } as const
    const stepped = step(state, { ...said, salt: context.random.bytes(32), now: context.clock.now() })
    state = stepped.state
    return stepped.persist
  })
  const rows = batchOf(effects.flatMap((effect) => (effect.type === 'put-event' ? [effect.row] : [])))
  const ids = rows.map(({ eventId }) => eventId)
  const statement = sealStatement({ conversation: conversation.id, epochId: tip.epochId, sender: device }, ids)
  const signature = await context.crypto.ed25519.sign(deviceSeed, statement)
  const events = rows.map(({ header, salt, body }) => ({ header, salt, body }))
  const made = await seal(context.engine, tip, encodeSeal({ events, signature }))
  conversation.moved(made.state)
  return encodeInner({ item: { case: 'application', value: { epochId: fromHex(tip.epochId), mls: made.message } } })
}
