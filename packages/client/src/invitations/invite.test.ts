import { refuse, type Relay } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../../test/world.ts'
import { invite } from './invite.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** A relay that is reached, and answers nothing before whoever asks gives up. */
const silent: Relay['create'] = (_params, _key, { signal } = {}) =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(refuse('unreachable'))))

test('a relay that is reached and does not answer in time is not called unreachable, and nothing is kept', async () => {
  const alice = await world.person('Alice')
  const { context, network } = alice.client
  Object.assign(network.reach(world.relay.address), { create: silent })
  await expect(invite(context, {}, { within: 50 })).rejects.toMatchObject({ code: 'relay-slow' })
  expect(await alice.store.list('invitations')).toEqual([])
  expect(await alice.store.list('keyPackages')).toEqual([])
})

test('a relay that takes it is enough, however long another one is silent', async () => {
  const alice = await world.person('Alice')
  const slow = world.network.addRelay()
  await alice.client.do('setRelays', { relays: [slow.address, world.relay.address] })
  const { context, network } = alice.client
  Object.assign(network.reach(slow.address), { create: silent })
  // Longer than this test may take: it does not wait for that.
  const made = await invite(context, {}, { within: 600_000 })
  expect(JSON.parse(made.row.relays)).toHaveLength(2)
  expect(world.relay.store.blobs.size).toBe(1)
})
