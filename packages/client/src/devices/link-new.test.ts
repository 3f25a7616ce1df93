import { nobleCrypto } from '@sotto/group'
import { certifyDevice, decodeDeviceLink, type DeviceLink } from '@sotto/identity'
import type { MailboxId, Rows, Store } from '@sotto/interface'
import { memoryStore } from '@sotto/store/memory'
import { seededRandom } from '@sotto/testkit'
import { fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silent, until, World, type Person } from '../../test/world.ts'
import type { Parts } from '../context.ts'
import { linkNewDevice } from './link-new.ts'
import { LinkingBox } from './linking-box.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Shows a code whose quarter of an hour is over as soon as `answer` has done what it does with it. */
async function link(
  answer: (link: DeviceLink, store: Store) => Promise<void>,
  signal = new AbortController().signal,
): Promise<string> {
  let expire = (): void => {}
  const { clock } = world
  const after: Parts['clock']['after'] = (ms, run) => {
    if (ms < 60_000) return clock.after(ms, run)
    expire = run
    return () => {}
  }
  const store = memoryStore()
  const parts = { store, transport: world.network.transport(), crypto: nobleCrypto, random: seededRandom('new') }
  const onCode = (code: string): void => {
    const shown = decodeDeviceLink(code)
    if (shown.ok) void answer(shown.value, store).then(() => expire())
  }
  const about = { relays: [world.relay.address], onCode }
  const linked = linkNewDevice({ ...parts, clock: { ...clock, after }, logger: silent }, about, { signal })
  const why = await linked.then(
    () => 'linked',
    (error: unknown) => (error as { code: string }).code,
  )
  // Whatever it was, nothing of a profile is kept.
  expect(await store.list('meta')).toEqual([])
  return why
}

/** As an own device begins to take in the new one. */
async function offer(person: Person, shown: DeviceLink): Promise<LinkingBox> {
  const { context, network } = person.client
  const { deviceSeed, chain: parentChain, name } = context.profile()
  const about = { parentSeed: deviceSeed, parentChain, deviceKey: fromHex(shown.device) }
  const chain = await certifyDevice(nobleCrypto, { ...about, createdAt: Math.floor(world.clock.now() / 1000) })
  const { signal } = new AbortController()
  const box = await LinkingBox.open(context, [network.reach(world.relay.address)], shown, { signal })
  await box.say({ case: 'offer', value: { chain, name, conversation: new Uint8Array(32).fill(7) } })
  // The new one answers with a key package.
  await box.next((said) => Promise.resolve(said.case === 'keyPackage' || undefined), {
    signal: AbortSignal.timeout(30_000),
  })
  return box
}

test('a code that nobody answers says so when it expires', async () => {
  expect(await link(() => Promise.resolve())).toBe('no-answer')
})

test('a code that is given up says so', async () => {
  const stop = new AbortController()
  const giveUp = (): Promise<void> => Promise.resolve(stop.abort())
  expect(await link(giveUp, stop.signal)).toBe('link-stopped')
})

test('an own device that answered and went away is named', async () => {
  const alice = await world.person('Alice')
  expect(await link(async (shown) => void (await offer(alice, shown)))).toBe('link-unfinished')
})

test('a Welcome that is none is passed over, and said to have come', async () => {
  const alice = await world.person('Alice')
  const isAtEnd = ({ mailbox, seq }: Rows['cursors']): boolean =>
    seq === world.relay.store.mailboxes.get(mailbox as MailboxId)?.last
  const answer = async (shown: DeviceLink, store: Store): Promise<void> => {
    const box = await offer(alice, shown)
    await box.say({ case: 'bundle', value: new Uint8Array(64).fill(1) })
    await until(async () => (await store.list('cursors')).some(isAtEnd))
  }
  expect(await link(answer)).toBe('link-refused')
})
