import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World } from '../test/world.ts'
import { suggestRelays } from './profile.ts'

const OTHER = '/ip4/127.0.0.1/tcp/4999/ws/p2p/12D3KooWGzhKBTvFVWVLCcpYKLqcQVEvHYDrTUbUAAzZVU5nJNRv'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('drafts are kept over a restart, and a message takes its own with it, not a later one', async () => {
  const { alice, conversation } = await world.pair()
  await alice.client.do('keepDraft', { conversation, text: 'half a sent' })
  await world.stop(alice)
  const back = await world.person('Alice', { disk: alice.disk })
  expect(await back.client.do('drafts', {})).toEqual({ rows: [{ conversation, text: 'half a sent' }] })
  await back.client.do('keepDraft', { conversation, text: 'half a sentence \n' })
  await back.client.do('send', { conversation, text: 'half a sentence' })
  expect(await back.client.do('drafts', {})).toEqual({ rows: [] })
  await back.client.do('keepDraft', { conversation, text: 'the next one' })
  await back.client.do('send', { conversation, text: 'something else' })
  expect((await back.client.do('drafts', {})).rows).toEqual([{ conversation, text: 'the next one' }])
  await back.client.do('keepDraft', { conversation, text: '' })
  expect(await back.client.do('drafts', {})).toEqual({ rows: [] })
})

test('a draft whose message was not committed is still there', async () => {
  const { alice, conversation } = await world.pair()
  await alice.client.do('keepDraft', { conversation, text: 'keep me' })
  const { commit } = alice.store
  alice.store.commit = () => Promise.reject(new Error('power cut'))
  await expect(alice.client.do('send', { conversation, text: 'keep me' })).rejects.toThrow('power cut')
  alice.store.commit = commit
  expect(await alice.client.do('drafts', {})).toEqual({ rows: [{ conversation, text: 'keep me' }] })
})

test('relays that a person has chosen are named in invitations, and no list takes their place', async () => {
  const alice = await world.person('Alice')
  const { relays } = await alice.client.do('settings', {})
  expect(relays).toEqual([world.relay.address])
  await alice.client.do('setRelays', { relays: [OTHER, ` ${world.relay.address} `, OTHER] })
  expect((await alice.client.do('settings', {})).relays).toEqual([OTHER, world.relay.address])
  expect(alice.client.snapshot.get().relays.map(({ address }) => address)).toContain(OTHER)
  await suggestRelays(alice.store, [])
  await world.stop(alice)
  const back = await world.person('Alice', { disk: alice.disk })
  expect((await back.client.do('settings', {})).relays).toEqual([OTHER, world.relay.address])
  await back.client.do('setRelays', { relays: [world.relay.address] })
  expect(back.client.snapshot.get().relays.map(({ address }) => address)).toEqual([world.relay.address])
})

test('what is no relay, and one too many, change nothing', async () => {
  const alice = await world.person('Alice')
  const set = (relays: readonly string[]) => alice.client.do('setRelays', { relays })
  await expect(set(['https://relay.example'])).rejects.toMatchObject({ code: 'bad-relay' })
  const many = [4, 5, 6, 7].map((port) => OTHER.replace('4999', `499${port}`))
  await expect(set(many)).rejects.toMatchObject({ code: 'too-many-relays' })
  expect((await alice.client.do('settings', {})).relays).toEqual([world.relay.address])
})

test('relays only: direct paths end, none is made, messages still arrive; afterwards they come back', async () => {
  const { alice, bob, conversation } = await world.pair()
  const kindOf = () => bob.client.snapshot.get().conversations[0]?.connection
  await until(() => kindOf() === 'direct')
  await alice.client.do('setRelaysOnly', { on: true })
  await until(() => kindOf() === 'relayed')
  await alice.client.do('send', { conversation, text: 'by relay', wait: 'delivered', timeout: 5_000 })
  await until(async () => (await texts(bob, conversation)).includes('by relay'))
  expect(bob.facts.find((fact) => fact.type === 'message' && fact.message.text === 'by relay')).toMatchObject({
    via: 'mailbox',
  })
  expect(kindOf()).toBe('relayed')
  await alice.client.do('setRelaysOnly', { on: false })
  await until(() => kindOf() === 'direct')
})

test('without a store that can be locked there is no passphrase to set', async () => {
  const alice = await world.person('Alice')
  expect(await alice.client.do('settings', {})).not.toHaveProperty('passphrase')
  await expect(alice.client.do('setPassphrase', { next: 'x' })).rejects.toMatchObject({ code: 'no-passphrase' })
})
