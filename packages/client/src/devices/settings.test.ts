import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const settingsOf = (person: Person) => person.client.do('settings', {})
const nameOf = (person: Person): string => person.client.snapshot.get().self.name

/** Until both devices have the same settings, and these hold. */
async function agree(devices: readonly Person[], looks: (settings: unknown) => void): Promise<void> {
  await until(async () => {
    const all = await Promise.all(devices.map(async (device) => JSON.stringify(await settingsOf(device))))
    return new Set(all).size === 1
  })
  for (const device of devices) looks(await settingsOf(device))
}

test('a device that was linked has the settings of the account, and each change on either comes to the other', async () => {
  const { alice, bob } = await world.pair()
  const relays = [world.relay.address, world.network.addRelay().address]
  await alice.client.do('setRelaysOnly', { on: true })
  await alice.client.do('setRelays', { relays })
  const phone = await world.device(alice)
  await agree([alice, phone], (settings) => expect(settings).toMatchObject({ name: 'Alice', relays, relaysOnly: true }))
  await phone.client.do('setRelaysOnly', { on: false })
  await phone.client.do('setRelays', { relays: [world.relay.address] })
  await phone.client.do('rename', { name: 'Alice B.' })
  expect(nameOf(phone)).toBe('Alice B.')
  await until(() => nameOf(alice) === 'Alice B.')
  await until(() => bob.client.pairWith(accountOf(alice))?.peerName === 'Alice B.')
  await agree([alice, phone], (settings) =>
    expect(settings).toMatchObject({ relays: [world.relay.address], relaysOnly: false }),
  )
})

test('of what both set at the same time one holds on both, and is the name that others see', async () => {
  const { alice, bob } = await world.pair()
  const phone = await world.device(alice)
  await until(() => phone.client.pairWith(accountOf(bob)))
  await Promise.all([world.stop(alice), world.stop(phone)])
  const away = await Promise.all([alice, phone].map(({ disk }) => world.person('', { disk, offline: true })))
  const [laptop, mobile] = away as [Person, Person]
  await laptop.client.do('rename', { name: 'Of the laptop' })
  await mobile.client.do('rename', { name: 'Of the phone' })
  await laptop.client.do('setRelays', { relays: [world.network.addRelay().address, world.relay.address] })
  await mobile.client.do('setRelays', { relays: [world.relay.address] })
  await mobile.client.do('setRelaysOnly', { on: true })
  // Each of them has its own way as long as it has not heard of the other.
  expect([nameOf(laptop), nameOf(mobile)]).toEqual(['Of the laptop', 'Of the phone'])
  await laptop.client.start()
  await until(() => bob.client.pairWith(accountOf(alice))?.peerName === 'Of the laptop')
  await mobile.client.start()
  await agree(away, (settings) => expect(settings).toMatchObject({ relaysOnly: true }))
  const held = nameOf(laptop)
  expect(['Of the laptop', 'Of the phone']).toContain(held)
  const conversation = pairId(bob, alice)
  await mobile.client.do('send', { conversation, text: 'after all of it' })
  await until(async () => (await texts(bob, conversation)).includes('after all of it'))
  await until(() => bob.client.pairWith(accountOf(alice))?.peerName === held)
  expect(away.map(nameOf)).toEqual([held, held])
})

test('a change that was stored and not yet done when the device was killed is done after the next start', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  await until(() => phone.client.pairWith(accountOf(bob)))
  const { commit } = phone.store
  let isDead = false
  // The event is on the disk; nothing is after it.
  phone.store.commit = async (changes) => {
    isDead ||= changes.some((change) => 'put' in change && change.put === 'meta' && change.row.key === 'setting name')
    return isDead ? Promise.reject(new Error('killed')) : commit.call(phone.store, changes)
  }
  phone.client.do('rename', { name: 'Half done' }).catch(() => {})
  await until(() => isDead)
  phone.disk.crash()
  await world.stop(phone).catch(() => {})
  const back = await world.person('', { disk: phone.disk })
  expect(nameOf(back)).toBe('Half done')
  await until(() => nameOf(alice) === 'Half done')
  await until(() => bob.client.get(conversation).peerName === 'Half done')
})

test('whatever write a change dies at, it is there whole after the next start, or not at all', async () => {
  const { alice, bob } = await world.pair()
  const phone = await world.device(alice)
  await until(() => phone.client.pairWith(accountOf(bob)))
  const pair = pairId(phone, bob)
  await world.stop(phone)
  const said = async ({ store }: Person, kind: string): Promise<number> =>
    (await store.list('events')).filter((event) => event.kind === kind && event.device === deviceOf(phone)).length
  const outcomes: (readonly [string, number, boolean])[] = []
  for (let dies = 1; ; dies += 1) {
    const disk = phone.disk.copy()
    const before = await world.person('', { disk, offline: true })
    const told = await said(before, 'profile')
    const { commit } = before.store
    let writes = 0
    before.store.commit = (changes) => {
      writes += 1
      return writes >= dies ? Promise.reject(new Error('killed')) : commit.call(before.store, changes)
    }
    await before.client.do('rename', { name: 'Anew' }).catch(() => {})
    disk.crash()
    await world.stop(before).catch(() => {})
    const after = await world.person('', { disk, offline: true })
    outcomes.push([nameOf(after), await said(after, 'self.setting'), (await said(after, 'profile')) > told])
    expect(after.client.get(pair).context.profile().name).toBe(nameOf(after))
    await world.stop(after)
    if (writes < dies) break
  }
  // Died at the first write: never said. Later: said, set, and told to everybody.
  expect(outcomes[0]).toEqual(['Alice', 0, false])
  expect(outcomes.length).toBeGreaterThan(3)
  for (const outcome of outcomes.slice(1)) expect(outcome).toEqual(['Anew', 1, true])
})

test('what was read on one device before it came to the other is not new there', async () => {
  const { alice, bob, conversation } = await world.pair()
  const phone = await world.device(alice)
  await until(() => phone.client.conversations.has(conversation))
  await world.stop(phone)
  await bob.client.do('send', { conversation, text: 'while the phone is off', wait: 'delivered' })
  await until(async () => (await texts(alice, conversation)).includes('while the phone is off'))
  await alice.client.do('read', { conversation })
  await alice.client.do('sync', {})
  const back = await world.person('', { disk: phone.disk })
  await until(async () => (await texts(back, conversation)).includes('while the phone is off'))
  await until(() => back.client.get(conversation).unread === 0)
  const { rows } = await back.client.do('messages', { conversation })
  expect(rows.at(-1)).toMatchObject({ text: 'while the phone is off', state: 'read' })
})

test('what a device never had is not read by what its person reads there, here or for its author', async () => {
  const { alice, bob, conversation } = await world.pair()
  const { message } = await bob.client.do('send', { conversation, text: 'before', wait: 'delivered' })
  const phone = await world.device(alice)
  await until(() => phone.client.conversations.has(conversation))
  await until(() => bob.client.get(conversation).peerDevices.length === 2)
  await bob.client.do('send', { conversation, text: 'after', wait: 'delivered' })
  await until(async () => (await texts(phone, conversation)).includes('after'))
  await phone.client.do('read', { conversation })
  await phone.client.do('sync', {})
  const states = async (person: Person): Promise<Record<string, string>> => {
    const { rows } = await person.client.do('messages', { conversation })
    return Object.fromEntries(rows.flatMap((row) => ('text' in row && 'state' in row ? [[row.text, row.state]] : [])))
  }
  await until(async () => (await states(bob))['after'] === 'read')
  await until(() => alice.client.get(conversation).readElsewhere.size > 0)
  await alice.client.do('sync', {})
  expect(alice.client.get(conversation).unread).toBeGreaterThan(0)
  expect((await states(alice))['before']).not.toBe('read')
  expect((await states(bob))['before']).toBe('delivered')
  expect(message).toBeDefined()
  await alice.client.do('read', { conversation })
  await until(async () => (await states(bob))['before'] === 'read')
})

function deviceOf(person: Person): string {
  return person.client.context.profile().device
}

function pairId(person: Person, other: Person): string {
  const pair = person.client.pairWith(accountOf(other))
  if (pair === undefined) throw new Error('no pair')
  return pair.id
}
