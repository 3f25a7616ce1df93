import type { ConversationId, EpochId } from '@sotto/interface'
import { CONTROL_KINDS, encodeLogBundle, encodeSignedRecord, fromHex } from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, dump, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import { Control } from '../groups/control.ts'
import { signThing } from '../groups/say.ts'
import { sendParts } from '../groups/welcome.ts'
import { noteRestored } from './take-restored.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Says something in a 1:1 that no honest client would, then something plain, and waits until all of it was taken. */
async function insist(from: Person, to: Person, pair: ConversationId, act: () => Promise<unknown>): Promise<void> {
  const conversation = from.client.get(pair)
  await act()
  await conversation.lane.run(() => conversation.step({ type: 'seal-due' }))
  await from.client.do('send', { conversation: pair, text: 'that was all' })
  await until(async () => (await texts(to, pair)).includes('that was all'))
  await until(async () => (await to.store.list('errands')).length === 0)
}

const compose = (from: Person, pair: ConversationId, kind: string, body: Uint8Array): Promise<unknown> => {
  const conversation = from.client.get(pair)
  return conversation.lane.run(() => conversation.compose(kind, body))
}

function recoveryOf(person: Person): Uint8Array {
  const { recovery } = person.client.context.profile()
  if (recovery === undefined) throw new Error('not restored')
  return recovery
}

function logOf(person: Person, group: ConversationId): Control {
  const { control } = person.client.get(group)
  if (control === undefined) throw new Error('no log')
  return control
}

/** A group's log as a contact sends it to a restored device. */
function bring(from: Person, pair: ConversationId, group: ConversationId, log: Control): Promise<unknown> {
  const bundle = encodeLogBundle({ things: log.placed.map(({ record }) => encodeSignedRecord(record)) })
  const about = { conversation: group, account: from.client.get(pair).peer, bundle }
  const through = from.client.get(pair)
  return through.lane.run(() => sendParts(through, 'group.log', about, []))
}

test('a statement is of no use to anybody but the device that it names: not to a contact, nor to the lost one', async () => {
  const alice = await world.person('Alice')
  const carol = await world.person('Carol')
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  const [withLost, withCarol] = [await world.meet(alice, lost), await world.meet(alice, carol)]
  const ben = await world.restored('Ben', phrase)
  for (const [thief, pair] of [
    [carol, withCarol],
    [lost, withLost],
  ] as const) {
    await insist(thief, alice, pair, () => compose(thief, pair, 'device.restored', recoveryOf(ben)))
    expect(alice.client.get(pair).isOver).toBe(false)
  }
  expect(alice.client.get(withLost).peerDevices).toEqual([lost.client.context.profile().device])
  expect((await dump(alice.store)).includes('restored ')).toBe(false)
})

test('a contact puts nobody into what their account has signed nothing in', async () => {
  const mallory = await world.person('Mallory')
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  const ben = await world.restored('Ben', phrase)
  const pair = await world.meet(mallory, ben)
  const { context } = mallory.client
  const made = 'ab'.repeat(32) as ConversationId
  const child = 'cd'.repeat(32) as EpochId
  const founders = [mallory, lost].map(({ client }) => {
    const { chain, name } = client.context.profile()
    return { chains: [chain], name }
  })
  const value = { kind: CONTROL_KINDS.group, title: 'Made up', founders, child: fromHex(child) }
  const basis = { seq: 1, deps: [], lamport: 1, epoch: child }
  const about = { conversation: made, log: Control.empty.log, attachment: new Uint8Array(), basis } as const
  const log = Control.empty.with([await signThing(context, { ...about, said: { case: 'create', value } })])
  expect(log.roleOf(accountOf(ben))).toBe('member')
  await insist(mallory, ben, pair, () => bring(mallory, pair, made, log))
  expect(await ben.store.list('control', { prefix: [made] })).toEqual([])
  expect(await ben.store.list('keyPackages')).toEqual([])
})

test('an account that was removed does not come back by it, whatever old log somebody brings', async () => {
  const [alice, carol] = [await world.person('Alice'), await world.person('Carol')]
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  await world.meet(alice, lost)
  await world.meet(alice, carol)
  const walks = await world.group('Walks', alice, [lost, carol])
  const old = logOf(carol, walks)
  await alice.client.do('groupRemove', { conversation: walks, account: accountOf(lost) })
  await until(() => membersIn(carol, walks).length === 2)
  const ben = await world.restored('Ben', phrase)
  const pair = await world.meet(carol, ben)
  await insist(carol, ben, pair, () => bring(carol, pair, walks, old))
  await until(async () => (await ben.store.list('control', { prefix: [walks] })).length > 0)
  // The answer is on its way, and is of no use.
  await ben.client.do('send', { conversation: pair, text: 'and?' })
  await until(async () => (await texts(carol, pair)).includes('and?'))
  await until(async () => (await carol.store.list('errands')).length === 0)
  expect(membersIn(carol, walks)).toEqual(['Alice', 'Carol'])
  expect(logOf(carol, walks).reachOf(ben.client.context.profile().device).seq).toBe(0)
  expect(ben.client.conversations.has(walks)).toBe(false)
})

test('whom one contact keeps a group from, another brings back; the lost device meets nobody anew who knows', async () => {
  const [alice, carol] = [await world.person('Alice'), await world.person('Carol')]
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  await world.meet(alice, lost)
  await world.meet(alice, carol)
  await world.meet(carol, lost)
  const walks = await world.group('Walks', alice, [lost, carol])
  const ben = await world.restored('Ben', phrase)
  const { device } = ben.client.context.profile()
  // Alice withholds the log: as far as her store knows, she has sent it.
  const sent = `log sent ${walks} ${device}`
  await alice.store.commit([{ put: 'meta', row: { key: sent, value: new Uint8Array([1]) } }])
  await world.meet(alice, ben)
  const account = accountOf(ben)
  await until(async () => (await alice.store.get('meta', [`restored ${account}`])) !== undefined)
  const { link } = await alice.client.do('invite', {})
  await lost.client.do('join', { link, message: 'it is me' })
  const theirs = await lost.client.do('invite', {})
  await expect(alice.client.do('join', { link: theirs.link })).rejects.toMatchObject({ code: 'invitation-lost' })
  await world.meet(carol, ben)
  await until(() => membersIn(ben, walks).length === 3)
  expect(alice.client.snapshot.get().requests).toEqual([])
})

test('an older statement changes nothing where a later one is known', async () => {
  const alice = await world.person('Alice')
  const { person: lost, phrase } = await world.personWithPhrase('Ben')
  await world.meet(alice, lost)
  const first = await world.restored('Ben', phrase)
  world.clock.jump(1_000)
  const second = await world.restored('Ben', phrase)
  const pair = await world.meet(alice, second)
  const account = accountOf(second)
  await until(async () => (await alice.store.get('meta', [`restored ${account}`])) !== undefined)
  const init = { context: alice.client.context, conversations: () => alice.client.conversations }
  const { device } = first.client.context.profile()
  expect(await noteRestored(init, { account, device, body: recoveryOf(first) })).toBe(false)
  expect(alice.client.get(pair).isOver).toBe(false)
})
