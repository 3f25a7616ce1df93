import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Until a device is in a conversation and has heard what was said there last. */
async function hears(device: Person, speaker: Person, conversation: string, text: string): Promise<void> {
  await until(() => device.client.conversations.has(conversation as never))
  await speaker.client.do('send', { conversation, text })
  await until(async () => (await texts(device, conversation)).includes(text))
}

test('a second device is certified by the first, and comes into every conversation', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  expect(accountOf(phone)).toBe(accountOf(alice))
  expect(phone.client.context.profile().name).toBe('Alice')
  await hears(phone, bob, conversation, 'to both of you')
  await until(async () => (await texts(alice, conversation)).includes('to both of you'))
  await phone.client.do('send', { conversation, text: 'from the phone' })
  await until(async () => (await texts(bob, conversation)).includes('from the phone'))
  await until(async () => (await texts(alice, conversation)).includes('from the phone'))
  const { rows } = await alice.client.do('messages', { conversation })
  expect(rows.at(-1)).toMatchObject({ own: true, author: accountOf(alice), text: 'from the phone', elsewhere: true })
  const { rows: there } = await phone.client.do('messages', { conversation })
  expect(there.at(-1)).not.toHaveProperty('elsewhere')
  const told = (person: Person): boolean =>
    person.facts.some((fact) => fact.type === 'message' && fact.message.own && fact.message.text === 'from the phone')
  expect([told(alice), told(phone)]).toEqual([true, false])
  const view = bob.client.conversation(conversation)
  const stop = view.subscribe(() => {})
  const isLinked = (): boolean => view.get().rows.some((row) => 'line' in row && row.line === 'device-linked')
  await until(isLinked)
  stop()
  for (const person of [alice, phone]) {
    const { rows: devices } = await person.client.do('devices', {})
    expect(devices).toHaveLength(2)
    expect(devices.find(({ current }) => current)?.device).toBe(person.client.context.profile().device)
  }
})

test('the second device is in groups too, and what is made on it comes to the first', async () => {
  const { alice, bob } = await world.pair()
  const walks = await world.group('Walks', alice, [bob])
  const phone = await world.device(alice)
  await hears(phone, bob, walks, 'to the group')
  await until(() => phone.client.pairWith(accountOf(bob)))
  const runs = await world.group('Runs', phone, [bob])
  await until(() => membersIn(alice, runs).length === 2)
  await hears(alice, bob, runs, 'to the other group')
  expect(membersIn(bob, runs)).toEqual(['Alice', 'Bob'])
})

test('what was read and compared on one device is so on the other', async () => {
  const { alice, bob, conversation } = await world.pair()
  await alice.client.do('verify', { account: accountOf(bob) })
  const phone = await world.device(alice)
  await hears(phone, bob, conversation, 'read me')
  const unread = (person: Person): number | undefined =>
    person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)?.unread
  await until(() => unread(phone) === 1 && (unread(alice) ?? 0) > 0)
  await alice.client.do('read', { conversation })
  await until(() => unread(phone) === 0)
  await until(() => phone.client.get(conversation).verified)
  expect(phone.client.pairWith(accountOf(bob))?.peerName).toBe('Bob')
})

test('a revoked device reads nothing any more, and knows why', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  await hears(phone, bob, conversation, 'before')
  const device = phone.client.context.profile().device
  await alice.client.do('deviceRevoke', { device })
  await until(() => phone.facts.find((fact) => fact.type === 'notice' && fact.name === 'device-revoked'))
  for (const person of [alice, bob]) {
    await until(() => !person.client.get(conversation).peerDevices.includes(device))
  }
  await bob.client.do('send', { conversation, text: 'after' })
  await until(async () => (await texts(alice, conversation)).includes('after'))
  expect(await texts(phone, conversation)).not.toContain('after')
  await expect(phone.client.do('send', { conversation, text: 'still me' })).rejects.toMatchObject({
    code: 'device-retired',
  })
  const { rows } = await alice.client.do('devices', {})
  expect(rows).toMatchObject([{ current: true }, { device, retired: true }])
  // Nor does it say of itself that it is in.
  expect((await phone.client.do('devices', {})).rows).toEqual([
    expect.objectContaining({ device: alice.client.context.profile().device, current: false }),
    expect.objectContaining({ device, current: true, retired: true }),
  ])
})

test('a code that is none, is old or is used twice links nothing', async () => {
  const { alice } = await world.pair()
  await expect(alice.client.do('deviceLink', { code: 'sotto-device:abc' })).rejects.toMatchObject({ code: 'bad-code' })
  expect(await alice.client.do('devices', {})).toMatchObject({ rows: [{ current: true }] })
})

test('a device that was linked can link another, and all three talk', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  await hears(phone, bob, conversation, 'to two')
  const tablet = await world.device(phone)
  await hears(tablet, bob, conversation, 'to three')
  await hears(alice, bob, conversation, 'to all of you')
  expect((await alice.client.do('devices', {})).rows).toHaveLength(3)
  const { device } = alice.client.context.profile()
  await expect(tablet.client.do('deviceRevoke', { device })).rejects.toMatchObject({ code: 'older-device' })
})
