import { refuse, type Relay, type RelayResult } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../../test/world.ts'
import { fetchInvitation, readLink } from './fetch.ts'
import { invite } from './invite.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Of a relay that is reached, and answers nothing before whoever asks gives up. */
function unanswered(signal: AbortSignal | undefined): Promise<RelayResult<never>> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(refuse('unreachable'))))
}
const silent: Relay['create'] = (_params, _key, { signal } = {}) => unanswered(signal)
const silentBlob: Relay['getBlob'] = (_id, { signal } = {}) => unanswered(signal)

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

test('a link is answered by whichever of its relays has it, though the first is silent', async () => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const slow = world.network.addRelay()
  await alice.client.do('setRelays', { relays: [slow.address, world.relay.address] })
  const { link } = await alice.client.do('invite', {})
  Object.assign(bob.client.network.reach(slow.address), { getBlob: silentBlob })
  const { signal } = new AbortController()
  const { invitation } = await fetchInvitation(bob.client.context, readLink(link), { signal })
  expect(invitation.name).toBe('Alice')
})

test('when no relay of a link answers in time, that is said of it', async () => {
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
  const { link } = await alice.client.do('invite', {})
  Object.assign(bob.client.network.reach(world.relay.address), { getBlob: silentBlob })
  const fetched = fetchInvitation(bob.client.context, readLink(link), { signal: AbortSignal.timeout(50) })
  await expect(fetched).rejects.toMatchObject({ code: 'relay-slow' })
})
