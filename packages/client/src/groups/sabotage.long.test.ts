import { createKeyPackage, nobleCrypto as crypto, roster } from '@sotto/group'
import {
  CONTROL,
  decodeGroupAcceptBody,
  encodeControlAttachment,
  encodeControlThing,
  encodeInner,
  fromHex,
  innerIdOf,
  signedBytes,
  type SignedRecord,
} from '@sotto/wire'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupOf, walksWithAdmin } from '../../test/scenes.ts'
import { accountOf, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { receive } from '../conversation/receive.ts'
import { inviteRow, sendInvite } from './invite.ts'
import { innerOf, prepareThing, say } from './say.ts'

// What a member or an admin who wants to break a group can do with true signatures, and what comes of it.

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Another's true yes to the group, which `by` has asked for and not yet used. */
async function yesOf(
  other: Person,
  by: Person,
  conversation: string,
): Promise<{ acceptance: SignedRecord; keyPackages: Uint8Array[] }> {
  const group = groupOf(by, conversation)
  const pair = by.client.pairWith(accountOf(other))
  if (pair === undefined) throw new Error('no pair')
  await pair.lane.run(() => sendInvite(pair, inviteRow(group, accountOf(other), pair.id)))
  await by.store.commit([{ delete: 'groupInvites', key: [group.id, accountOf(other), 'out'] }])
  const request = await until(() => other.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await other.client.do('accept', { id: request.id })
  const event = await until(async () =>
    (await by.store.list('events', { prefix: [pair.id] })).find(({ kind }) => kind === 'group.accept'),
  )
  const body = decodeGroupAcceptBody(event.body)
  if (!body.ok || body.value.acceptance === undefined) throw new Error('no acceptance')
  return { acceptance: body.value.acceptance, keyPackages: body.value.keyPackages }
}

async function add(
  by: Person,
  conversation: string,
  acceptance: SignedRecord,
  keyPackages: readonly Uint8Array[],
): Promise<void> {
  const group = groupOf(by, conversation)
  const attachment = encodeControlAttachment({ keyPackages: [...keyPackages] })
  await group.lane.run(() => say(group, { case: 'add', value: { acceptance } }, { attachment }))
}

function devicesIn(person: Person, conversation: string): string[] {
  return roster(groupOf(person, conversation).tip).map(({ device }) => device)
}

async function talks(speaker: Person, hearers: readonly Person[], conversation: string, text: string): Promise<void> {
  await speaker.client.do('send', { conversation, text })
  for (const hearer of hearers) await until(async () => (await texts(hearer, conversation)).includes(text))
}

test("an add with somebody else's key package brings in nobody, and the group goes on", async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const [dora, eve] = [await world.person('Dora'), await world.person('Eve')]
  await world.meet(ben, dora)
  const { acceptance } = await yesOf(dora, ben, conversation)
  const { deviceSeed, chain, device } = eve.client.context.profile()
  const now = Math.floor(world.clock.now() / 1000)
  const self = { deviceSeed, credential: chain }
  const made = await createKeyPackage(ben.client.context.engine, {
    self,
    notBefore: now - 86_400,
    notAfter: now + 86_400,
  })
  await add(ben, conversation, acceptance, [made.public])
  // Anna, who commits, takes the add back.
  await until(() => groupOf(cleo, conversation).control?.view.effective.some(({ body }) => body.kind === 'remove'))
  await talks(anna, [ben, cleo], conversation, 'who reads this')
  for (const person of [anna, ben, cleo]) {
    expect(devicesIn(person, conversation)).toHaveLength(3)
    expect(devicesIn(person, conversation)).not.toContain(device)
  }
})

test('an add without key packages keeps nobody from removing whoever made it', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  const { acceptance } = await yesOf(dora, ben, conversation)
  await add(ben, conversation, acceptance, [])
  await until(() => groupOf(anna, conversation).control?.kept.size === groupOf(ben, conversation).control?.kept.size)
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => groupOf(ben, conversation).isOut)
  await talks(cleo, [anna], conversation, 'without them')
  expect(membersIn(cleo, conversation)).toEqual(['Anna', 'Cleo'])
})

test('of several who come in, the one whose keys are rubbish stays out', async () => {
  const { anna, ben, conversation } = await walksWithAdmin(world)
  const [dora, eve] = [await world.person('Dora'), await world.person('Eve')]
  await world.meet(ben, dora)
  await world.meet(ben, eve)
  const [good, bad] = [await yesOf(dora, ben, conversation), await yesOf(eve, ben, conversation)]
  await world.stop(anna)
  await add(ben, conversation, good.acceptance, good.keyPackages)
  await add(ben, conversation, bad.acceptance, [Uint8Array.of(1, 2, 3)])
  await ben.client.do('sync', {})
  const back = await world.person('Anna', { disk: anna.disk })
  await until(() => membersIn(back, conversation).includes('Dora'))
  expect(groupOf(back, conversation).control?.roleOf(accountOf(eve))).toBeUndefined()
})

test('a thousand things of devices that nobody knows keep nobody from anything', async () => {
  const { anna, ben, conversation } = await walksWithAdmin(world)
  const group = groupOf(anna, conversation)
  const head = group.control?.view.heads[0] ?? ''
  const taken = new Map<string, number>()
  for (let count = 0; count < 1_010; count += 1) {
    const inner = await strangers(group, head, count)
    const what = await group.lane.run(() => receive(group, innerIdOf(inner), inner, { via: 'mailbox' }))
    taken.set(what, (taken.get(what) ?? 0) + 1)
  }
  expect(taken.get('refused')).toBe(10)
  await ben.client.do('groupLeave', { conversation })
  await until(() => membersIn(anna, conversation).join() === 'Anna,Cleo')
})

test('a thing that was given to one only is given to the others by whoever has it', async () => {
  const { anna, ben, cleo, conversation } = await walksWithAdmin(world)
  const [from, to] = [groupOf(ben, conversation), groupOf(anna, conversation)]
  const inner = await from.lane.run(async () => {
    if (from.control === undefined) throw new Error('no log')
    return innerOf((await prepareThing(from, from.control, { case: 'ack', value: {} })).kept)
  })
  await world.stop(ben)
  await to.lane.run(() => receive(to, innerIdOf(inner), inner, { via: 'mailbox' }))
  await anna.client.do('groupRename', { conversation, title: 'Long walks' })
  // Its author has a minute to bring it; then whoever sees that somebody lacks it does.
  world.clock.jump(61_000)
  await talks(anna, [cleo], conversation, 'do you have it')
  await cleo.client.do('sync', {})
  await until(() => groupOf(cleo, conversation).title === 'Long walks')
  expect(groupOf(cleo, conversation).control?.kept.size).toBe(to.control?.kept.size)
})

/** A signed thing by a device that no thing has introduced. */
async function strangers(group: Conversation, head: string, count: number): Promise<Uint8Array> {
  const seed = new Uint8Array(32).fill(1)
  new DataView(seed.buffer).setUint32(0, count)
  const device = await crypto.ed25519.publicKey(seed)
  const body = encodeControlThing({
    conversation: fromHex(group.id),
    device,
    cseq: 1,
    prev: new Uint8Array(),
    deps: [fromHex(head)],
    lamport: 2,
    epochId: fromHex(group.tip.epochId),
    madeAt: 0n,
    attachmentHash: new Uint8Array(),
    said: { case: 'ack', value: {} },
  })
  const record = {
    body,
    device,
    signature: await crypto.ed25519.sign(seed, signedBytes(CONTROL, body)),
  } as SignedRecord
  return encodeInner({ item: { case: 'control', value: { record, attachment: new Uint8Array() } } })
}
