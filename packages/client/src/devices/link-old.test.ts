import { createKeyPackage, nobleCrypto } from '@sotto/group'
import { certifyDevice, encodeDeviceLink, type DeviceLink } from '@sotto/identity'
import type { DeviceId, Rows } from '@sotto/interface'
import { memoryStore } from '@sotto/store/memory'
import { seededRandom } from '@sotto/testkit'
import { encodeControlAttachment, fromHex, toHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { texts, until, World, type Person } from '../../test/world.ts'
import { say } from '../groups/say.ts'
import { askedKey } from './ask-in.ts'
import { linkDevice } from './link-old.ts'
import { LinkingBox } from './linking-box.ts'
import { ownConversation } from './own-conversation.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** The other end of a code: a device that says what a test wants. */
async function shownCode(person: Person): Promise<{ link: DeviceLink; box: LinkingBox; seed: Uint8Array }> {
  const random = seededRandom('shown')
  const seed = random.bytes(32)
  const device = toHex<DeviceId>(await nobleCrypto.ed25519.publicKey(seed))
  const expiresAt = Math.floor(world.clock.now() / 1000) + 900
  const link = { relays: [world.relay.address], device, secret: random.bytes(16), expiresAt }
  const parts = { clock: world.clock, crypto: nobleCrypto, store: memoryStore() }
  const relays = [person.client.network.reach(world.relay.address)]
  return { link, seed, box: await LinkingBox.open(parts, relays, link, { signal: new AbortController().signal }) }
}

/** Why linking came to nothing, once its time is over: when `answer` has said so many things. */
async function whyNot(answer: readonly Parameters<LinkingBox['say']>[0][]): Promise<unknown> {
  const alice = await world.person('Alice')
  const { link, box } = await shownCode(alice)
  const stop = new AbortController()
  const linked = linkDevice(alice.client, encodeDeviceLink(link), stop).then(
    () => 'linked',
    (error: unknown) => (error as { code: string }).code,
  )
  await box.next((said) => Promise.resolve(said.case === 'offer' || undefined), stop)
  for (const said of answer) await box.say(said)
  const { id } = box
  // The offer itself, and what was answered, have been read.
  const isRead = ({ mailbox, seq }: Rows['cursors']): boolean => mailbox === id && seq === answer.length + 1
  await until(async () => (await alice.store.list('cursors')).some(isRead))
  stop.abort()
  return linked
}

test('a new device that answers nothing is one that does not answer', async () => {
  expect(await whyNot([])).toBe('no-answer')
})

test('a new device whose answer is of no use is told from one that does not answer', async () => {
  expect(await whyNot([{ case: 'keyPackage', value: new Uint8Array(64).fill(1) }])).toBe('link-refused')
})

test('whoever gives up waiting for new devices is told so, for each of them, and can link one afterwards', async () => {
  const alice = await world.person('Alice')
  const shown = await shownCode(alice)
  const codes = [shown.link, (await shownCode(alice)).link].map(encodeDeviceLink)
  const why = codes.map((code) =>
    alice.client.do('deviceLink', { code }).then(
      () => 'linked',
      (error: unknown) => (error as { code: string }).code,
    ),
  )
  await shown.box.next((said) => Promise.resolve(said.case === 'offer' || undefined), new AbortController())
  await alice.client.do('deviceLinkStop', {})
  expect(await Promise.all(why)).toEqual(['link-stopped', 'link-stopped'])
  await world.device(alice)
  expect((await alice.client.do('devices', {})).rows).toHaveLength(2)
})

test('of two codes that are scanned at once, both devices are linked', async () => {
  const alice = await world.person('Alice')
  const linked = await Promise.all([world.device(alice), world.device(alice)])
  const there = async (person: Person): Promise<number> =>
    (await person.client.do('devices', {})).rows.filter(({ retired }) => retired !== true).length
  for (const person of [alice, ...linked]) await until(async () => (await there(person)) === 3)
  expect(new Set(linked.map(({ client }) => client.context.profile().device)).size).toBe(2)
})

test('a device that was granted before this one ended, and has no Welcome yet, gets one by the same code', async () => {
  const { alice, conversation } = await world.pair()
  await world.device(alice)
  const own = ownConversation(alice.client.conversations.values())
  const { link, box, seed } = await shownCode(alice)
  if (own === undefined) throw new Error('no own conversation')
  const { deviceSeed: parentSeed, chain: parentChain } = alice.client.context.profile()
  const now = Math.floor(world.clock.now() / 1000)
  const about = { parentSeed, parentChain, deviceKey: fromHex(link.device), createdAt: now }
  const chain = await certifyDevice(nobleCrypto, about)
  const self = { deviceSeed: seed, credential: chain }
  const made = await createKeyPackage(own.context.engine, { self, notBefore: now - 60, notAfter: now + 86_400 })
  const attachment = encodeControlAttachment({ keyPackages: [made.public] })
  // Here it ends: the grant is stored, the commit is not made.
  await own.lane.run(() => say(own, { case: 'grant', value: { chain } }, { attachment }))
  // What it is asked now it would not hear: its log begins with the commit.
  await alice.client.errands.run()
  const isAsked = async (): Promise<boolean> =>
    (await alice.store.get('meta', [askedKey(conversation, link.device)])) !== undefined
  expect(await isAsked()).toBe(false)
  const stop = new AbortController()
  // It goes on waiting for answers that nobody gives here.
  const linked = linkDevice(alice.client, encodeDeviceLink(link), stop).catch(() => 'ended')
  expect(await box.next((said) => Promise.resolve(said.case === 'bundle' ? said.value : undefined), stop)).toBeDefined()
  await until(isAsked)
  // And then it is linked, as far as this device can tell.
  await expect(linkDevice(alice.client, encodeDeviceLink(link), stop)).rejects.toMatchObject({ code: 'already-linked' })
  await world.stop(alice)
  await linked
})

test('one relay of the code is enough, and the devices’ own conversation goes by those that answer', async () => {
  const { alice, bob, conversation } = await world.pair()
  const dead = world.network.addRelay()
  world.network.setRelay(dead.address, false)
  const relays = [dead.address, world.relay.address]
  await alice.client.do('setRelays', { relays })
  const phone = await world.device(alice, relays)
  expect(ownConversation(phone.client.conversations.values())?.relays).toEqual([world.relay.address])
  await until(() => phone.client.conversations.has(conversation))
  await bob.client.do('send', { conversation, text: 'to both of you' })
  await until(async () => (await texts(phone, conversation)).includes('to both of you'))
})

test('whoever may not change keys before its relays have answered says so, and takes nobody in', async () => {
  const alice = await world.person('Alice')
  const second = world.network.addRelay()
  const relays = [world.relay.address, second.address]
  await alice.client.do('setRelays', { relays })
  const phone = await world.device(alice, relays)
  await world.stop(phone)
  await world.stop(alice)
  world.network.setRelay(second.address, false)
  const again = await world.person('Alice', { disk: alice.disk })
  const { link } = await shownCode(again)
  const refused = linkDevice(again.client, encodeDeviceLink(link), new AbortController()).catch(
    (error: unknown) => error,
  )
  const own = await until(() => ownConversation(again.client.conversations.values()))
  await until(() => own.state.rollback.answered.length === 1)
  expect(own.state.rollback.stage).toBe('checking')
  world.clock.jump(60_000)
  expect(await refused).toMatchObject({ code: 'relays-silent' })
  expect((await again.client.do('devices', {})).rows).toHaveLength(2)
})

test('a code none of whose relays answers says so at once', async () => {
  const alice = await world.person('Alice')
  const dead = world.network.addRelay()
  world.network.setRelay(dead.address, false)
  const expiresAt = Math.floor(world.clock.now() / 1000) + 900
  const link = { relays: [dead.address], device: 'ab'.repeat(32) as DeviceId, secret: new Uint8Array(16), expiresAt }
  const linked = linkDevice(alice.client, encodeDeviceLink(link), new AbortController())
  await expect(linked).rejects.toMatchObject({ code: 'relay-unreachable' })
})
