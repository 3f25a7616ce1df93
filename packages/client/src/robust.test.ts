import { createLink, formatLink } from '@sotto/identity'
import type { Address, Change, ConversationId, DirectSession, Store } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World } from '../test/world.ts'
import { receive } from './conversation/receive.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

test('a device is retired even if that cannot be written down', async () => {
  const { alice, conversation } = await world.pair()
  const { commit } = alice.store
  alice.store.commit = async (changes) => {
    if (changes.some((change) => 'put' in change && change.put === 'meta')) throw new Error('disk full')
    return commit.call(alice.store, changes)
  }
  alice.client.network.retire('rolled-back')
  await until(() => alice.facts.find((fact) => fact.type === 'notice' && fact.name === 'device-retired'))
  await expect(alice.client.do('send', { conversation, text: 'no' })).rejects.toMatchObject({ code: 'device-retired' })
})

test('a power cut in the midst of accepting leaves a conversation whose ticks are true', async () => {
  world.network.faults.noDirect = true
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { link } = await alice.client.do('invite', {})
  const { conversation } = await bob.client.do('join', { link, message: 'hello' })
  const request = await until(() => alice.client.snapshot.get().requests[0])
  const { commit } = alice.store
  let isOut = false
  alice.store.commit = async (changes) => {
    if (isOut) throw new Error('power cut')
    isOut = changes.some((change) => 'put' in change && change.put === 'requests')
    return commit.call(alice.store, changes)
  }
  await expect(alice.client.do('accept', { id: request.id })).rejects.toThrow('power cut')
  await world.stop(alice)
  const back = await world.person('Alice', { disk: alice.disk })
  expect(back.client.get(conversation).state.relays).toBe(1)
  const sent = await back.client.do('send', { conversation, text: 'here I am', wait: 'sent', timeout: 10_000 })
  expect(sent.state).toBe('sent')
  await until(async () => (await texts(bob, conversation)).includes('here I am'))
})

test('a relay that has lost its mailboxes gets them again, and what is put there is found', async () => {
  world.network.faults.noDirect = true
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('send', { conversation, text: 'before', wait: 'sent', timeout: 10_000 })
  await until(async () => (await texts(bob, conversation)).includes('before'))
  world.relay.store.mailboxes.clear()
  const sent = await alice.client.do('send', { conversation, text: 'after', wait: 'sent', timeout: 20_000 })
  expect(sent.reached).toBe(true)
  await until(async () => (await texts(bob, conversation)).includes('after'))
  expect(await texts(bob, conversation)).toEqual(['hello', 'before', 'after'])
})

test.each(['state', 'epochs', 'generations'] as const)(
  'a conversation with damaged %s keeps nobody from the others',
  async (what) => {
    const { alice, conversation } = await world.pair()
    const carol = await world.person('Carol')
    const { link } = await alice.client.do('invite', {})
    const other = await carol.client.do('join', { link })
    await alice.client.do('accept', { id: (await until(() => alice.client.snapshot.get().requests[0])).id })
    await world.stop(alice)
    await damage(alice.disk.open(), conversation, what)
    const back = await world.person('Alice', { disk: alice.disk })
    expect(back.client.snapshot.get().conversations.map((entry) => entry.conversation)).toEqual([other.conversation])
    expect(back.facts).toContainEqual(expect.objectContaining({ type: 'notice', name: 'conversation-damaged' }))
    await back.client.do('send', { conversation: other.conversation, text: 'all well' })
    await until(async () => (await texts(carol, other.conversation)).includes('all well'))
    await expect(back.client.do('send', { conversation, text: 'lost' })).rejects.toMatchObject({
      code: 'unknown-conversation',
    })
  },
)

async function damage(
  store: Store,
  conversation: ConversationId,
  what: 'state' | 'epochs' | 'generations',
): Promise<void> {
  const prefix = [conversation]
  const row = await store.get('conversations', prefix)
  if (row === undefined) throw new Error('no such conversation')
  const changes: Change[] = []
  if (what === 'state') changes.push({ put: 'conversations', row: { ...row, state: new Uint8Array([9]) } })
  if (what === 'epochs') {
    const rows = await store.list('epochs', { prefix })
    changes.push(...rows.map((epoch): Change => ({ put: 'epochs', row: { ...epoch, state: new Uint8Array([9]) } })))
  }
  if (what === 'generations') {
    const rows = await store.list('generations', { prefix })
    changes.push(...rows.map((entry): Change => ({ delete: 'generations', key: [conversation, entry.generation] })))
  }
  await store.commit(changes)
  await store.close()
}

test('relays that only a link names are let go of, also when they never answered', async () => {
  const bob = await world.person('Bob')
  const other = world.network.addRelay()
  world.network.setRelay(other.address, false)
  const account = 'ab'.repeat(32)
  const link = createLink({ relays: [other.address], account: account as never, secret: new Uint8Array(16) })
  const forgotten: string[] = []
  const { forget } = bob.transport
  bob.transport.forget = (relay) => {
    forgotten.push(relay)
    forget.call(bob.transport, relay)
  }
  await expect(bob.client.do('preview', { link: formatLink(link) })).rejects.toThrow(/No relay could be reached/)
  expect(forgotten).toEqual([peerIn(other.address)])
})

test('whoever was blocked reaches nothing, not even with what was under way', async () => {
  const { alice, bob, conversation } = await world.pair()
  const entry = alice.client.get(conversation)
  await until(() => alice.client.network.isDirect(entry))
  await alice.client.do('block', { account: entry.peer })
  const facts = alice.facts.filter((fact) => fact.type === 'message').length
  await bob.client.do('send', { conversation, text: 'still there?', wait: 'sent', timeout: 10_000 })
  const row = (await bob.store.list('outbox')).find(({ kind }) => kind === 'application')
  if (row === undefined) throw new Error('nothing sealed')
  const taken = await entry.lane.run(() => receive(entry, row.innerId, row.inner, { via: 'direct' }))
  expect(taken).toBe('refused')
  expect(alice.facts.filter((fact) => fact.type === 'message')).toHaveLength(facts)
  let isClosed = false
  const late: DirectSession = {
    context: conversation,
    peer: bob.transport.peerId,
    path: { direct: true, transport: 'tcp', multiplexer: '', encryption: '' },
    send: () => Promise.resolve(false),
    close: () => void (isClosed = true),
  }
  const { events } = alice.transport as unknown as { events: { onSession(session: DirectSession): void } }
  events.onSession(late)
  await until(() => isClosed)
})

test('a listener that throws disturbs neither the messenger nor other listeners', async () => {
  const { alice, bob, conversation } = await world.pair()
  bob.client.subscribe(() => {
    throw new Error('broken pipe')
  })
  const heard: string[] = []
  bob.client.subscribe((fact) => {
    if (fact.type === 'message') heard.push(fact.message.text)
  })
  await alice.client.do('send', { conversation, text: 'one' })
  await alice.client.do('send', { conversation, text: 'two' })
  await until(async () => (await texts(bob, conversation)).includes('two'))
  await until(() => heard.length === 2)
  expect(heard).toEqual(['one', 'two'])
})

function peerIn(address: Address): string {
  return address.split('/p2p/').at(-1) ?? ''
}
