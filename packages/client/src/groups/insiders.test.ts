import { batchOf, sealStatement, step } from '@sotto/core'
import { seal } from '@sotto/group'
import type { DeviceId } from '@sotto/interface'
import {
  decodeGroupAcceptBody,
  decodeGroupWelcomeBody,
  encodeControlAttachment,
  encodeInner,
  encodeSeal,
  encodeTextBody,
  fromHex,
} from '@sotto/wire'
import { concat } from 'uint8arrays'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walks, type Walks } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { commitGroup } from './commit-due.ts'
import { enterGroup } from './enter.ts'
import { acceptInvite, inviteRow, sendInvite } from './invite.ts'
import { say, type Saying } from './say.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Anna's group with Ben and Cleo, who have all heard each other. Ben is the one who will misbehave. */
async function heardWalks(): Promise<Walks> {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  for (const person of [anna, ben, cleo]) await hears([anna, ben, cleo], person, conversation)
  return scene
}

/** `person` says something new, and everybody has read it: what was sent before it has come too. */
async function hears(everybody: readonly Person[], person: Person, conversation: string): Promise<void> {
  const text = `heard ${Math.random()}`
  await person.client.do('send', { conversation, text })
  for (const other of everybody) await until(async () => (await texts(other, conversation)).includes(text))
}

/** Says a thing as a changed client would: whether it may is not asked. */
async function insist(person: Person, conversation: string, said: Saying, attachment?: Uint8Array): Promise<void> {
  const group = groupOf(person, conversation)
  await group.lane.run(() => say(group, said, attachment === undefined ? {} : { attachment }))
}

/** Until everybody has everything that `author` has said in the control chain: only then has it failed to change anything. */
async function spread(author: Person, everybody: readonly Person[], conversation: string): Promise<void> {
  const { device } = author.client.context.profile()
  const seq = groupOf(author, conversation).control?.reachOf(device).seq ?? 0
  for (const other of everybody) {
    await until(() => (groupOf(other, conversation).control?.reachOf(device).seq ?? 0) >= seq)
  }
}

function roster(person: Person, conversation: string): string[] {
  const summary = person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)
  return (summary?.members ?? []).map(
    ({ name, role, state }) => `${name} ${role}${state === undefined ? '' : ` ${state}`}`,
  )
}

const AS_BEFORE = ['Anna owner', 'Ben member', 'Cleo member']

test('a member who removes, appoints, demotes, renames or changes the keys changes nothing for anybody', async () => {
  const { anna, ben, cleo, conversation } = await heardWalks()
  const account = (person: Person): { account: Uint8Array<ArrayBuffer> } => ({
    account: fromHex(accountOf(person)) as Uint8Array<ArrayBuffer>,
  })
  await insist(ben, conversation, { case: 'remove', value: account(cleo) })
  await insist(ben, conversation, { case: 'remove', value: account(anna) })
  await insist(ben, conversation, { case: 'appoint', value: account(ben) })
  await insist(ben, conversation, { case: 'demote', value: account(anna) })
  await insist(ben, conversation, { case: 'rename', value: { title: 'Mine' } })
  await spread(ben, [anna, cleo], conversation)
  for (const person of [anna, ben, cleo]) {
    await person.client.refreshed()
    expect(roster(person, conversation)).toEqual(AS_BEFORE)
    expect(groupOf(person, conversation).title).toBe('Walks')
  }
  await hears([anna, ben, cleo], cleo, conversation)
})

test('a member who says that somebody comes in brings in nobody, even with a true yes', async () => {
  const { anna, ben, cleo, conversation } = await heardWalks()
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  const pair = ben.client.pairWith(accountOf(dora))
  if (pair === undefined) throw new Error('no pair')
  await pair.lane.run(() => sendInvite(pair, inviteRow(groupOf(ben, conversation), accountOf(dora), pair.id)))
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await dora.client.do('accept', { id: request.id })
  const event = await until(async () =>
    (await ben.store.list('events', { prefix: [pair.id] })).find(({ kind }) => kind === 'group.accept'),
  )
  const body = decodeGroupAcceptBody(event.body)
  if (!body.ok || body.value.acceptance === undefined) throw new Error('no acceptance')
  const { acceptance, keyPackages } = body.value
  await insist(ben, conversation, { case: 'add', value: { acceptance } }, encodeControlAttachment({ keyPackages }))
  await spread(ben, [anna, cleo], conversation)
  for (const person of [anna, ben, cleo]) {
    await person.client.refreshed()
    expect(roster(person, conversation)).toEqual(AS_BEFORE)
  }
  expect(dora.client.conversations.has(conversation)).toBe(false)
})

test('an admin who was removed commits on, and nobody follows', async () => {
  const { anna, ben, cleo, conversation } = await heardWalks()
  await anna.client.do('groupRole', { conversation, account: accountOf(ben), role: 'admin' })
  await until(() => groupOf(ben, conversation).ownRole === 'admin')
  await spread(anna, [ben, cleo], conversation)
  // Ben is away while it happens, and his client commits before it hears of anything.
  await world.stop(ben)
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => membersIn(cleo, conversation).join() === 'Anna,Cleo')
  const back = await world.person('Ben', { disk: ben.disk, offline: true })
  const late = groupOf(back, conversation)
  const leaf = late.control?.view.tree.find(({ device }) => late.control?.accountOf(device) === accountOf(cleo))
  if (leaf === undefined) throw new Error('no leaf')
  await late.lane.run(async () => {
    await say(late, { case: 'remove', value: { account: fromHex(accountOf(cleo)) } })
    expect(await commitGroup(late, { added: [], removed: [leaf] })).toBe(true)
  })
  await back.client.start()
  await until(() => late.isOut)
  await hears([anna, cleo], cleo, conversation)
  await hears([anna, cleo], anna, conversation)
  for (const person of [anna, cleo]) expect(roster(person, conversation)).toEqual(['Anna owner', 'Cleo member'])
})

test('whoever was removed is heard no more over a path that is still there', async () => {
  const { anna, ben, cleo, conversation } = await heardWalks()
  const group = groupOf(ben, conversation)
  const message = await sealedBy(ben, conversation, 'after all')
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => group.isOut)
  await until(() => membersIn(cleo, conversation).length === 2)
  expect(anna.client.pairWith(accountOf(ben))).toBeDefined()
  // His client does as if it were still in.
  group.row = { ...group.row, phase: 'active' }
  const [to] = anna.client.network.sessions.peersOf(anna.client.pairWith(accountOf(ben)) as Conversation)
  expect(to).toBeDefined()
  const before = await anna.store.list('events', { prefix: [conversation] })
  ben.client.network.sessions.tell(group, anna.client.context.profile().device, message)
  await ben.client.do('send', { conversation: pairOf(ben, anna), text: 'and in our own conversation' })
  await until(async () => (await texts(anna, pairOf(anna, ben))).includes('and in our own conversation'))
  expect(await anna.store.list('events', { prefix: [conversation] })).toEqual(before)
})

test("an event that one device signs in another's name is nobody's", async () => {
  const { anna, ben, cleo, conversation } = await heardWalks()
  const inner = await sealedBy(ben, conversation, 'Cleo never said this', cleo.client.context.profile().device)
  ben.client.network.sessions.tell(groupOf(ben, conversation), anna.client.context.profile().device, inner)
  await hears([anna, ben, cleo], ben, conversation)
  for (const person of [anna, cleo]) expect(await texts(person, conversation)).not.toContain('Cleo never said this')
  // The same way with the true name leads somewhere: it was the name that failed.
  const own = await sealedBy(cleo, conversation, 'Cleo said this')
  cleo.client.network.sessions.tell(groupOf(cleo, conversation), anna.client.context.profile().device, own)
  await until(async () => (await texts(anna, conversation)).includes('Cleo said this'))
})

test('a Welcome for another device lets nobody in', async () => {
  const { ben, conversation } = await heardWalks()
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  const pair = dora.client.pairWith(accountOf(ben))
  const through = ben.client.pairWith(accountOf(dora))
  if (pair === undefined || through === undefined) throw new Error('no pair')
  await through.lane.run(() => sendInvite(through, inviteRow(groupOf(ben, conversation), accountOf(dora), through.id)))
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  const row = await dora.store.get('groupInvites', [conversation, accountOf(ben), 'in'])
  if (row === undefined || row.request !== request.id) throw new Error('no invitation')
  await pair.lane.run(() => acceptInvite(pair, row))
  const bundle = await welcomeOf(ben)
  const { context, network } = dora.client
  const entered = await enterGroup(context, network, { conversation, bundle, done: [], known: undefined, by: 'person' })
  expect(entered).toEqual({ ok: false, reason: 'wrong-key-package' })
  for (const length of [0, 1, bundle.length - 1]) {
    const cut = await enterGroup(context, network, {
      conversation,
      bundle: bundle.slice(0, length),
      done: [],
      known: undefined,
      by: 'person',
    })
    expect(cut.ok).toBe(false)
  }
})

function pairOf(person: Person, other: Person): string {
  return person.client.pairWith(accountOf(other))?.id ?? ''
}

/** The bundle by which a person came in, from the events that brought it. */
async function welcomeOf(person: Person): Promise<Uint8Array> {
  const events = (await person.store.list('events')).filter(({ kind }) => kind === 'group.welcome')
  const parts = events.flatMap(({ body }) => {
    const part = decodeGroupWelcomeBody(body)
    return part.ok ? [part.value] : []
  })
  return concat(parts.toSorted((a, b) => a.part - b.part).map(({ bytes }) => bytes))
}

/** A text as `person` would send it, or as it would forge it in the name of `device`. */
async function sealedBy(person: Person, conversation: string, text: string, device?: DeviceId): Promise<Uint8Array> {
  const group = groupOf(person, conversation)
  const { crypto, engine, clock, profile, random } = group.context
  const own = profile()
  const self = device ?? own.device
  const body = encodeTextBody({ text })
  const { persist } = step(
    { ...group.state, self },
    { type: 'compose', kind: 'text', body, salt: random.bytes(32), now: clock.now() },
  )
  const rows = batchOf(persist.flatMap((effect) => (effect.type === 'put-event' ? [effect.row] : [])))
  const { epochId } = group.tip
  const ids = rows.map(({ eventId }) => eventId)
  const statement = sealStatement({ conversation: group.id, epochId, sender: self }, ids)
  const signature = await crypto.ed25519.sign(own.deviceSeed, statement)
  const events = rows.map(({ header, salt, body: content }) => ({ header, salt, body: content }))
  const sealed = await seal(engine, group.tip, encodeSeal({ events, signature }))
  group.moved(sealed.state)
  return encodeInner({ item: { case: 'application', value: { epochId: fromHex(epochId), mls: sealed.message } } })
}
