import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World } from '../test/world.ts'

const KEY = '5a'.repeat(32)

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('a send that is asked again with its key is the same message, also after a restart', async () => {
  const { alice, bob, conversation } = await world.pair()
  const ask = { conversation, text: 'only once', once: KEY }
  const [first, again] = await Promise.all([alice.client.do('send', ask), alice.client.do('send', ask)])
  expect(again.message).toBe(first.message)
  await world.stop(alice)
  const back = await world.person('Alice', { disk: alice.disk })
  const later = await back.client.do('send', { ...ask, wait: 'delivered', timeout: 5_000 })
  expect(later).toEqual({ message: first.message, state: 'delivered', reached: true })
  await back.client.do('send', { ...ask, once: 'a5'.repeat(32) })
  await until(async () => (await texts(bob, conversation)).length === 3)
  expect(await texts(bob, conversation)).toEqual(['hello', 'only once', 'only once'])
})

test('a send that failed at its commit left nothing behind: asked again with its key, it is sent', async () => {
  const { alice, bob, conversation } = await world.pair()
  const { commit } = alice.store
  alice.store.commit = () => Promise.reject(new Error('power cut'))
  const ask = { conversation, text: 'at last', once: KEY }
  await expect(alice.client.do('send', ask)).rejects.toThrow('power cut')
  alice.store.commit = commit
  await alice.client.do('send', ask)
  await until(async () => (await texts(bob, conversation)).includes('at last'))
})

test('what is no key is refused', async () => {
  const { alice, conversation } = await world.pair()
  const send = alice.client.do('send', { conversation, text: 'x', once: 'short' })
  await expect(send).rejects.toMatchObject({ code: 'bad-once' })
})
