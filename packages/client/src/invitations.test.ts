import { fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until, World } from '../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const hello = { message: 'hello' }

test('what is no link, or a damaged one, is refused with a sentence', async () => {
  const bob = await world.person('Bob')
  const alice = await world.person('Alice')
  const { link } = await alice.client.do('invite', {})
  for (const bad of ['', 'hello', 'https://example.org/', 'sotto:', link.slice(0, -3), `${link}AAAA`]) {
    await expect(bob.client.do('join', { link: bad, ...hello })).rejects.toThrow(/not a Sotto invitation/)
  }
  expect(await bob.store.list('conversations')).toEqual([])
})

test('a link whose secret was changed finds nothing', async () => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { link } = await alice.client.do('invite', {})
  const changed = link.slice(0, -1) + (link.endsWith('A') ? 'Q' : 'A')
  await expect(bob.client.do('join', { link: changed, ...hello })).rejects.toThrow(
    /expired or was revoked|not a Sotto invitation/,
  )
})

test('an expired, a revoked and a used-up invitation each say so', async () => {
  const alice = await world.person('Alice')
  const [bob, carol] = [await world.person('Bob'), await world.person('Carol')]
  const expired = await alice.client.do('invite', { expiresIn: 60_000 })
  world.clock.jump(61_000)
  await expect(bob.client.do('join', { link: expired.link, ...hello })).rejects.toThrow(/expired/)
  const revoked = await alice.client.do('invite', {})
  await alice.client.do('revoke', { id: revoked.invitation })
  await expect(bob.client.do('join', { link: revoked.link, ...hello })).rejects.toThrow(/revoked/)
  const once = await alice.client.do('invite', { uses: 1 })
  await bob.client.do('join', { link: once.link, ...hello })
  await expect(carol.client.do('join', { link: once.link, ...hello })).rejects.toThrow(/already been used/)
  expect(await carol.store.list('conversations')).toEqual([])
  expect(await carol.store.list('outbox')).toEqual([])
})

test('an invitation that is taken back while no relay is in reach is deleted when one is', async () => {
  const alice = await world.person('Alice')
  const { invitation } = await alice.client.do('invite', {})
  expect(world.relay.store.blobs.size).toBe(1)
  world.network.setRelay(world.relay.address, false)
  let isDone = false
  const done = alice.client.do('revoke', { id: invitation }).then(() => (isDone = true))
  await until(() => alice.client.snapshot.get().invitations[0]?.state === 'revoked')
  expect(isDone).toBe(false) // it is shown at once
  await done
  expect(world.relay.store.blobs.size).toBe(1)
  world.network.setRelay(world.relay.address, true)
  await until(() => world.relay.store.blobs.size === 0)
}, 20_000)

test('a relay that gives another blob is found out', async () => {
  const [alice, mallory, bob] = [await world.person('Alice'), await world.person('Mallory'), await world.person('Bob')]
  const { link } = await alice.client.do('invite', {})
  await mallory.client.do('invite', {})
  const [first, second] = [...world.relay.store.blobs.values()]
  if (first === undefined || second === undefined) throw new Error('no blobs')
  const original = first.bytes
  first.bytes = second.bytes
  await expect(bob.client.do('join', { link, ...hello })).rejects.toThrow(/not this invitation/)
  first.bytes = original.slice()
  first.bytes[40] = (first.bytes[40] ?? 0) ^ 1
  await expect(bob.client.do('join', { link, ...hello })).rejects.toThrow(/not this invitation/)
})

test('without a relay in reach nothing is half done', async () => {
  const alice = await world.person('Alice')
  world.network.setRelay(world.relay.address, false)
  await expect(alice.client.do('invite', {})).rejects.toThrow(/No relay could be reached/)
  expect(await alice.store.list('invitations')).toEqual([])
  expect(await alice.store.list('keyPackages')).toEqual([])
}, 20_000)

test('a request is text only: until it is accepted nothing leaves and nobody is contacted', async () => {
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
  const { link } = await alice.client.do('invite', {})
  await bob.client.do('join', { link, message: 'it is me' })
  const request = await until(() => alice.client.snapshot.get().requests[0])
  expect(request).toMatchObject({ kind: 'contact', name: 'Bob', message: 'it is me' })
  expect(await alice.store.list('outbox')).toEqual([])
  expect(await alice.store.list('conversations')).toEqual([])
  await alice.client.do('decline', { id: request.id })
  expect(alice.client.snapshot.get().requests).toEqual([])
  await expect(alice.client.do('accept', { id: request.id })).rejects.toMatchObject({ code: 'unknown-request' })
})

test('an invitation tells how many have said hello with it, whatever was answered', async () => {
  const [alice, bob, carol] = [await world.person('Alice'), await world.person('Bob'), await world.person('Carol')]
  const { link } = await alice.client.do('invite', { uses: 2 })
  const told = () => alice.client.snapshot.get().invitations[0]
  expect(told()).toMatchObject({ uses: 2, used: 0, hellos: 0, state: 'open' })
  await bob.client.do('join', { link, ...hello })
  const { id } = await until(() => alice.client.snapshot.get().requests[0])
  await alice.client.do('decline', { id })
  expect(told()).toMatchObject({ used: 0, hellos: 1, state: 'open' })
  await carol.client.do('join', { link, ...hello })
  await until(() => told()?.hellos === 2)
  expect((await alice.client.do('invitations', {})).rows[0]).toMatchObject({ used: 0, hellos: 2, state: 'open' })
})

test('one invitation takes as many people as it says, and all hellos alike', async () => {
  const alice = await world.person('Alice')
  const { link } = await alice.client.do('invite', { uses: 3 })
  for (const name of ['Bob', 'Carol', 'Dan']) {
    const person = await world.person(name)
    await person.client.do('join', { link, message: `I am ${name}` })
  }
  await until(() => alice.client.snapshot.get().requests.length === 3)
  for (const { id } of alice.client.snapshot.get().requests) await alice.client.do('accept', { id })
  await until(() => alice.client.snapshot.get().conversations.length === 3)
  await until(() => alice.client.snapshot.get().conversations.every((entry) => entry.last !== undefined))
  const said = alice.client.snapshot.get().conversations.map((entry) => entry.last?.text)
  expect(new Set(said)).toEqual(new Set(['I am Bob', 'I am Carol', 'I am Dan']))
})

test('whoever is blocked is gone, and their next hello is not shown', async () => {
  const { alice, bob, conversation } = await world.pair()
  const { account } = bob.client.snapshot.get().self
  const { link } = await alice.client.do('invite', {})
  await alice.client.do('block', { account })
  expect(alice.client.snapshot.get().conversations[0]?.phase).toBe('ended')
  await bob.client.do('join', { link, message: 'again' })
  await alice.client.do('sync', { timeout: 2_000 })
  expect(alice.client.snapshot.get().requests).toEqual([])
  await expect(alice.client.do('send', { conversation, text: 'no' })).rejects.toMatchObject({ code: 'ended' })
  expect(fromHex(account)).toHaveLength(32)
})

test('the keys of an invitation are deleted with its last use, not before', async () => {
  const alice = await world.person('Alice')
  const { link } = await alice.client.do('invite', { uses: 2 })
  for (const name of ['Bob', 'Carol']) {
    const person = await world.person(name)
    await person.client.do('join', { link, message: name })
  }
  const [first, second] = await until(() => {
    const { requests } = alice.client.snapshot.get()
    return requests.length === 2 && requests
  })
  await alice.client.do('accept', { id: first?.id ?? '' })
  expect(await alice.store.list('keyPackages')).toHaveLength(2)
  await alice.client.do('accept', { id: second?.id ?? '' })
  expect(await alice.store.list('keyPackages')).toEqual([])
})

test('an invitation that a relay has lost, or never had, is there again when its maker is', async () => {
  const alice = await world.person('Alice')
  const { link } = await alice.client.do('invite', {})
  await world.stop(alice)
  world.relay.store.blobs.clear()
  world.relay.store.mailboxes.clear()
  const bob = await world.person('Bob')
  await expect(bob.client.do('join', { link, message: 'hello' })).rejects.toMatchObject({ code: 'invitation-unknown' })
  const back = await world.person('Alice', { disk: alice.disk })
  await until(() => world.relay.store.blobs.size === 1)
  await bob.client.do('join', { link, message: 'hello again' })
  await until(() => back.client.snapshot.get().requests.find(({ message }) => message === 'hello again'))
})

test('what is kept of an invitation to leave it again goes with its last use', async () => {
  const { alice } = await world.pair()
  const kept = async (): Promise<string[]> => (await alice.store.list('meta')).map(({ key }) => key)
  await until(async () => !(await kept()).some((key) => key.startsWith('invitation blob')))
  const { invitation } = await alice.client.do('invite', {})
  expect((await kept()).filter((key) => key.startsWith('invitation blob'))).toHaveLength(1)
  await alice.client.do('revoke', { id: invitation })
  expect((await kept()).filter((key) => key.startsWith('invitation blob'))).toEqual([])
})
