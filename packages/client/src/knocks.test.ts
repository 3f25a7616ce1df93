import { decodeInner, encodeInner, innerIdOf } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dump, texts, until, World, type Person } from '../test/world.ts'
import { takeKnock } from './invitations/requests.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** The same hello in other bytes: what whoever wrote it can make at will. */
function reworded(knock: Uint8Array): Uint8Array {
  const inner = decodeInner(knock)
  if (!inner.ok || inner.value.item.case !== 'knock') throw new Error('no knock')
  const { welcome, items, relays } = inner.value.item.value
  return encodeInner({ item: { case: 'knock', value: { welcome, items: [...items, ...items], relays } } })
}

async function asked(uses: number): Promise<{ alice: Person; bob: Person; knock: Uint8Array }> {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { link } = await alice.client.do('invite', { uses })
  await bob.client.do('join', { link, message: 'hello' })
  const row = await until(async () => (await alice.store.list('requests'))[0])
  return { alice, bob, knock: row.knock }
}

async function knock(alice: Person, bytes: Uint8Array): Promise<unknown> {
  const [invitation] = await alice.store.list('invitations')
  if (invitation === undefined) throw new Error('no invitation')
  return takeKnock(alice.client.context, invitation, innerIdOf(bytes), bytes)
}

test('a second hello for a conversation that exists is no request, and begins nothing anew', async () => {
  const { alice, knock: first } = await asked(3)
  await knock(alice, reworded(first))
  const [one, two] = await alice.store.list('requests')
  const { conversation } = await alice.client.do('accept', { id: one?.request ?? '' })
  await alice.client.do('send', { conversation, text: 'mine' })
  if (two !== undefined) await alice.client.do('accept', { id: two.request }).catch(() => undefined)
  expect(await texts(alice, conversation)).toContain('mine')
  await alice.client.do('sync', {})
  const before = await dump(alice.store)
  expect(await knock(alice, reworded(reworded(first)))).toBeUndefined()
  expect(await dump(alice.store)).toBe(before)
})

test('an invitation gives as many requests as it has uses, whatever its relay lets through', async () => {
  const { alice } = await asked(1)
  const carol = await world.person('Carol')
  const { link } = (await alice.store.list('invitations'))[0] ?? { link: '' }
  for (const { params } of world.relay.store.mailboxes.values()) Object.assign(params, { capacity: 0 })
  await carol.client.do('join', { link, message: 'me too' })
  await alice.client.do('sync', {})
  expect(await alice.store.list('requests')).toHaveLength(1)
})

test('a request that is accepted twice at once begins one conversation', async () => {
  const { alice, bob } = await asked(1)
  const [row] = await alice.store.list('requests')
  const both = await Promise.allSettled([1, 2].map(() => alice.client.do('accept', { id: row?.request ?? '' })))
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  const [conversation = ''] = bob.client.conversations.keys()
  await alice.client.do('send', { conversation, text: 'welcome' })
  await until(async () => (await texts(bob, conversation)).includes('welcome'))
  expect((await alice.store.list('epochs')).length).toBeLessThanOrEqual(2)
})
