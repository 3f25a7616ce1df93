import { refuse } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until, World } from '../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('a sync does not wait for the next try of a relay that was busy a moment ago', async () => {
  world.network.faults.noDirect = true
  const { alice, conversation } = await world.pair()
  const relay = alice.transport.relay(world.relay.address)
  const { put } = relay
  let refused = 0
  relay.put = () => {
    refused += 1
    return Promise.resolve(refuse('busy'))
  }
  await alice.client.do('send', { conversation, text: 'while it is busy' })
  await until(() => refused > 0)
  relay.put = put
  // By itself it would be asked again after 15 seconds.
  expect(await alice.client.do('sync', { timeout: 12_000 })).toMatchObject({ complete: true, queued: 0 })
})
