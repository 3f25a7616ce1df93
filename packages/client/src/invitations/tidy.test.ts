import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../../test/world.ts'
import { dropSeen } from './tidy.ts'

const DAY_MS = 86_400_000

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('old ids are forgotten however many there are, and so is what waits in vain', async () => {
  const { client, store } = await world.person('Alice', { offline: true })
  const conversation = 'ab'.repeat(32) as never
  const idOf = (count: number): never => count.toString(16).padStart(64, '0') as never
  const at = world.clock.now()
  const rows = Array.from({ length: 12_000 }, (_, count) => ({ conversation, innerId: idOf(count), at }))
  await store.commit(rows.map((row) => ({ put: 'seen', row })))
  const inner = new Uint8Array(1)
  const parked = {
    conversation,
    innerId: idOf(1),
    inner,
    generation: '',
    via: 'mailbox',
    receivedAt: at,
    parkedFor: '',
  }
  await store.commit([{ put: 'inbox', row: parked }])
  world.clock.jump(121 * DAY_MS)
  await store.commit([{ put: 'seen', row: { conversation, innerId: idOf(99_999), at: world.clock.now() } }])
  await dropSeen(client.context)
  expect((await store.list('seen')).map((row) => row.innerId)).toEqual([idOf(99_999)])
  expect(await store.list('inbox')).toEqual([])
})
