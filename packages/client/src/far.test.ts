import { batchOf, sealStatement, step } from '@sotto/core'
import { seal } from '@sotto/group'
import { encodeInner, encodeSeal, encodeTextBody, fromHex, innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World } from '../test/world.ts'
import type { Conversation } from './conversation/conversation.ts'
import { receive, type Taken } from './conversation/receive.ts'

const HOUR_MS = 3_600_000
/** Messages that are never to come. */
const LOST = 2_500
/** Each takes two turns of the thirty of an hour. */
const TRIES = 15

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Uses up keys without saying anything, as if so many messages had been lost. */
async function lose(conversation: Conversation, count: number): Promise<void> {
  let { tip: state } = conversation
  for (let i = 0; i < count; i++) state = (await seal(conversation.context.engine, state, new Uint8Array())).state
  conversation.moved(state)
}

/** A text of this device's, sealed and not sent. */
async function sealed(conversation: Conversation, text: string): Promise<Uint8Array> {
  const { context, tip } = conversation
  const { deviceSeed, device } = context.profile()
  const said = { type: 'compose', kind: 'text', body: encodeTextBody({ text }) } as const
  const { persist } = step(conversation.state, { ...said, salt: context.random.bytes(32), now: context.clock.now() })
  const rows = batchOf(persist.flatMap((effect) => (effect.type === 'put-event' ? [effect.row] : [])))
  const ids = rows.map(({ eventId }) => eventId)
  const statement = sealStatement({ conversation: conversation.id, epochId: tip.epochId, sender: device }, ids)
  const signature = await context.crypto.ed25519.sign(deviceSeed, statement)
  const events = rows.map(({ header, salt, body }) => ({ header, salt, body }))
  const made = await seal(context.engine, tip, encodeSeal({ events, signature }))
  conversation.moved(made.state)
  return encodeInner({ item: { case: 'application', value: { epochId: fromHex(tip.epochId), mls: made.message } } })
}

test(
  'after thousands of lost messages the next one is read, until the credit of the hour is used up',
  { timeout: 120_000 },
  async () => {
    world.network.faults.noDirect = true
    const { alice, bob, conversation } = await world.pair()
    for (const person of [alice, bob]) await person.client.do('sync', {})
    await until(() => alice.client.get(conversation).tip.epochId === bob.client.get(conversation).tip.epochId)
    const [hers, his] = [alice.client.get(conversation), bob.client.get(conversation)]
    const take = (inner: Uint8Array): Promise<Taken> =>
      his.lane.run(() => receive(his, innerIdOf(inner), inner, { via: 'mailbox' }))

    await hers.lane.run(() => lose(hers, LOST))
    const far = await hers.lane.run(() => sealed(hers, 'still here'))
    // A message that only says it is hers, and is not, is turned to as often, and opens nothing.
    const forged = far.slice()
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    for (let i = 0; i < TRIES; i++) expect(await take(forged)).toBe('refused')
    expect(await texts(bob, conversation)).not.toContain('still here')
    expect(await take(far)).toBe('refused')
    world.clock.jump(HOUR_MS)
    expect(await take(far)).toBe('applied')
    await until(async () => (await texts(bob, conversation)).includes('still here'))
  },
)
