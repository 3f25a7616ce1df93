import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, membersIn, until, World, type Person } from '../../test/world.ts'
import type { AwaitedGroup } from '../snapshots/client-snapshots.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

const requestOf = (person: Person) => person.client.snapshot.get().requests.find(({ kind }) => kind === 'group')
const awaitedBy = (person: Person): AwaitedGroup | undefined => person.client.snapshot.get().awaited[0]
const invitedIn = (person: Person, conversation: string): readonly string[] =>
  person.client.get(conversation).invited.map(({ account }) => account)

/** Alice has invited Bob into a group. */
async function invited(): Promise<{ alice: Person; bob: Person; walks: string; request: string }> {
  const { alice, bob } = await world.pair()
  const ask = { title: 'Walks', members: [accountOf(bob)] }
  const { conversation: walks } = await alice.client.do('groupCreate', ask)
  const { id: request } = await until(() => requestOf(bob))
  return { alice, bob, walks, request }
}

test('an invitation that was taken back before the yes is a request no more, and that is said until it was seen', async () => {
  const { alice, bob, walks, request } = await invited()
  await alice.client.do('groupRemove', { conversation: walks, account: accountOf(bob) })
  expect(invitedIn(alice, walks)).toEqual([])
  const awaited = await until(() => awaitedBy(bob))
  expect(awaited).toMatchObject({ id: request, title: 'Walks', name: 'Alice', state: 'taken-back' })
  expect(requestOf(bob)).toBeUndefined()
  expect(bob.facts).toContainEqual({
    type: 'notice',
    name: 'invitation-taken-back',
    text: 'Alice has taken back the invitation into “Walks”.',
  })
  await expect(bob.client.do('accept', { id: request })).rejects.toMatchObject({ code: 'unknown-request' })
  await bob.client.do('decline', { id: request })
  expect(awaitedBy(bob)).toBeUndefined()
  // Who was uninvited can be invited again.
  await alice.client.do('groupAdd', { conversation: walks, account: accountOf(bob) })
  const again = await until(() => requestOf(bob))
  await bob.client.do('accept', { id: again.id })
  await until(() => membersIn(bob, walks).length === 2)
  expect(awaitedBy(bob)).toBeUndefined()
})

test('a yes is shown until one is let in, also after a restart', async () => {
  const { alice, bob, walks, request } = await invited()
  await world.stop(alice)
  await bob.client.do('accept', { id: request })
  expect(awaitedBy(bob)).toMatchObject({ id: request, conversation: walks, name: 'Alice', state: 'waiting' })
  await world.stop(bob)
  const back = await world.person('Bob', { disk: bob.disk })
  expect(awaitedBy(back)).toMatchObject({ state: 'waiting' })
  await world.person('Alice', { disk: alice.disk })
  await until(() => membersIn(back, walks).length === 2)
  await until(() => awaitedBy(back) === undefined)
})

test('an invitation that was taken back before the yes has come lets nobody in, and who said yes is told', async () => {
  const { alice, bob, walks, request } = await invited()
  await world.stop(alice)
  await bob.client.do('accept', { id: request })
  const offline = await world.person('Alice', { disk: alice.disk, offline: true })
  await offline.client.do('groupRemove', { conversation: walks, account: accountOf(bob) })
  await offline.client.start()
  await until(() => awaitedBy(bob)?.state === 'taken-back')
  expect(await bob.store.list('keyPackages')).toEqual([])
  expect(membersIn(offline, walks)).toEqual(['Alice'])
  expect(bob.client.conversations.has(walks as never)).toBe(false)
})

test('whoever was asked for and is not in yet is taken back by who asked, and told', async () => {
  const { alice, bob, conversation } = await world.pair()
  const carol = await world.person('Carol')
  await world.meet(bob, carol)
  const walks = await world.group('Walks', alice, [bob])
  await alice.client.do('groupRole', { conversation: walks, account: accountOf(bob), role: 'admin' })
  await until(() => bob.client.get(walks).ownRole === 'admin')
  await bob.client.do('groupAdd', { conversation: walks, account: accountOf(carol) })
  const { id } = await until(() => requestOf(carol))
  // The device that commits is away: the add is said, and nothing more.
  await world.stop(alice)
  await carol.client.do('accept', { id })
  const isComing = (): boolean =>
    bob.client.snapshot
      .get()
      .conversations.some(({ members }) => members.some(({ name, state }) => name === 'Carol' && state === 'joining'))
  await until(isComing)
  expect(awaitedBy(carol)?.state).toBe('waiting')
  await bob.client.do('groupRemove', { conversation: walks, account: accountOf(carol) })
  await until(() => awaitedBy(carol)?.state === 'taken-back')
  const back = await world.person('Alice', { disk: alice.disk })
  await until(() => !isComing())
  await bob.client.do('send', { conversation, text: 'she is back', wait: 'delivered', timeout: 40_000 })
  expect(membersIn(back, walks)).toEqual(['Alice', 'Bob'])
})

test('a yes on one device is no request on the other any more', async () => {
  const { alice, bob } = await world.pair()
  const phone = await world.device(bob)
  await until(() => phone.client.pairWith(accountOf(alice)))
  const ask = { title: 'Walks', members: [accountOf(bob)] }
  const { conversation: walks } = await alice.client.do('groupCreate', ask)
  const { id } = await until(() => requestOf(bob))
  await until(() => requestOf(phone))
  await bob.client.do('accept', { id })
  await until(() => requestOf(phone) === undefined)
  await until(() => membersIn(phone, walks).length === 2)
  expect(awaitedBy(phone)).toBeUndefined()
})
