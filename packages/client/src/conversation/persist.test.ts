import { expect, test } from 'vitest'
import { texts, until, World } from '../../test/world.ts'
import { changesOf } from './persist.ts'

test('what one input says of an event comes together in its row, in whatever order', async () => {
  const world = new World()
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'held until something came' })
  await until(async () => (await texts(bob, conversation)).includes('held until something came'))
  const his = bob.client.get(conversation)
  const stored = (await bob.store.list('events', { prefix: [his.id] })).find(({ kind }) => kind === 'text')
  if (stored === undefined) throw new Error('no event')
  const { device, seq } = stored
  await bob.store.commit([{ put: 'events', row: { ...stored, shown: 0, lamport: 90 } }])
  const proof = new Uint8Array([1])
  const effects = [
    { type: 'show-event', device, seq },
    { type: 'number-event', device, seq, lamport: 7 },
    { type: 'prove-event', device, seq, proof },
  ] as const
  const whole = { put: 'events', row: { ...stored, shown: 1, lamport: 7, proof } }
  expect(await changesOf(his, effects)).toEqual([whole])
  expect(await changesOf(his, effects.toReversed())).toEqual([whole])
  await world.end()
})
