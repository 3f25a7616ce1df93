import { createAskKeys } from '@sotto/group'
import type { DeviceId, EpochId, InvitationId, Rows } from '@sotto/interface'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lastWords, reach } from '../../test/given-to-some.ts'
import { groupOf, walks, type Walks } from '../../test/scenes.ts'
import { hand, signed, type Parts } from '../../test/served-by-hand.ts'
import { accountOf, dump, membersIn, texts, until, World, type Person } from '../../test/world.ts'
import { answer } from './give.ts'

// Whoever hands over others' events lies, and whoever asks for them wants what it may not have.

let world: World
beforeEach(() => {
  world = new World({ speed: 60 })
  world.network.faults.noDirect = true
})
afterEach(() => world.end())

interface Lost extends Walks {
  /** Cleo's, as Ben has them; Anna has none of them. */
  readonly words: readonly Rows['events'][]
  /** In which they were sealed. */
  readonly epochId: EpochId
}

/** Cleo's last words have reached Ben only, who answers nobody. Anna knows that there are some, and asks. */
async function lost(said: readonly string[]): Promise<Lost> {
  const scene = await walks(world)
  const { anna, ben, cleo, conversation } = scene
  await cleo.client.do('send', { conversation, text: 'I am here' })
  for (const person of [anna, ben]) await until(async () => (await texts(person, conversation)).includes('I am here'))
  const epochId = groupOf(cleo, conversation).tip.epochId
  const items = await lastWords(world, cleo, conversation, said)
  await reach(ben, conversation, items)
  const kept = await ben.store.list('events', { prefix: [conversation] })
  await world.stop(ben)
  const device = deviceOf(cleo)
  const seq = await until(
    () => groupOf(anna, conversation).state.devices.find((one) => one.device === device)?.head.seq,
  )
  const words = kept.filter((row) => row.device === device && row.seq > seq)
  expect(words).toHaveLength(said.length)
  const group = groupOf(anna, conversation)
  const [first] = group.state.devices.filter((one) => one.device === device)
  if (first === undefined) throw new Error('nobody')
  // As if she had heard of one that comes after them.
  const state = {
    ...group.state,
    devices: group.state.devices.map((one) => (one === first ? { ...one, heard: 1_000 } : one)),
  }
  group.state = state
  await group.lane.run(() => group.step({ type: 'connected', device: deviceOf(ben), now: world.clock.now() }))
  await until(async () => {
    await group.lane.run(() => group.step({ type: 'tick', now: world.clock.now() }))
    return (await anna.store.get('keyPackages', [`ask ${conversation}`])) !== undefined
  })
  return { ...scene, words, epochId }
}

function deviceOf(person: Person): DeviceId {
  return person.client.context.profile().device
}

function eventsOf({ store }: Person): Promise<string> {
  const others = [
    'conversations',
    'outbox',
    'inbox',
    'keyPackages',
    'receipts',
    'errands',
    'control',
    'epochs',
    'generations',
  ] as const
  return dump(store, [...others, 'meta', 'treeNodes', 'contacts'])
}

/** Whether `giver` answers when `asker` asks for what `author` has said. */
async function isGiven(giver: Person, asker: Person, author: Person, conversation: string): Promise<boolean> {
  const group = groupOf(giver, conversation)
  for (const post of giver.client.network.posts(group)) post.deposit = () => Promise.resolve()
  const { publicKey: key } = await createAskKeys(giver.client.context.engine)
  const asked = { device: deviceOf(asker), author: deviceOf(author), key, firstSeq: 1, lastSeq: 64 }
  const answers = async (): Promise<number> =>
    (await giver.store.list('outbox', { prefix: [conversation] })).filter(({ kind }) => kind === 'served').length
  const before = await answers()
  await group.lane.run(() => answer(group, asked))
  return (await answers()) > before
}

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

test('what is changed, swapped, from elsewhere, or by somebody who was out is refused, and the true ones are taken after all that', async () => {
  const { anna, ben, cleo, conversation, words, epochId } = await lost(['one', 'two', 'before'])
  const [one, two, word] = words
  if (one === undefined || two === undefined || word === undefined) throw new Error('no words')
  const before = await eventsOf(anna)
  const pair = cleo.client.pairWith(accountOf(anna))
  const [elsewhere] = await anna.store.list('events', { prefix: [pair?.id ?? '', deviceOf(cleo)] })
  const [own] = await anna.store.list('events', { prefix: [conversation, deviceOf(anna)] })
  const hers = cleo.client.context.profile()
  const forger = { device: hers.device, deviceSeed: ben.client.context.profile().deviceSeed }
  if (elsewhere === undefined || own === undefined) throw new Error('no events')
  const last = {
    conversation: groupOf(anna, conversation).id,
    seq: one.seq - 1,
    eventId: one.eventId,
    lamport: one.lamport,
  }
  const lies: Record<string, readonly Parts[]> = {
    'another text': [{ ...one, body: two.body, salt: two.salt }],
    'a changed header': [{ ...one, header: flip(one.header, one.header.length - 1) }],
    "another's proof": [{ ...one, proof: two.proof }],
    'a changed signature': [{ ...one, proof: flip(one.proof, 80) }],
    'another epoch': [{ ...one, proof: flip(one.proof, 5) }],
    'no proof': [{ ...one, proof: new Uint8Array(1) }],
    'of another conversation': [elsewhere],
    'by two': [one, own],
    'of her own': [own],
    'one good, one bad': [one, { ...two, salt: one.salt }],
    'signed by whoever gives it': [await signed(forger, last, epochId, 'never said')],
  }
  for (const [name, events] of Object.entries(lies)) {
    const taken = await hand(anna, conversation, events)
    // That one says nothing new, whether or not where it was sealed is here still.
    if (name !== 'of her own') expect([name, taken]).toEqual([name, 'refused'])
  }
  // For somebody else, it is passed over.
  expect(await hand(anna, conversation, words, deviceOf(ben))).toBe('applied')
  expect(await eventsOf(anna)).toBe(before)
  // In any order, and more than once.
  expect(await hand(anna, conversation, [two])).toBe('applied')
  expect(await hand(anna, conversation, [one, two])).toBe('applied')
  await until(async () => (await texts(anna, conversation)).slice(-2).join() === 'one,two')
  // Whoever signs another one for the same place comes too late.
  const rest = await signed(hers, last, epochId, 'something else')
  await hand(anna, conversation, [rest])
  expect((await texts(anna, conversation)).slice(-2)).toEqual(['one', 'two'])

  // What somebody signs who was removed counts where its message would: not for an epoch without it, and for none that is over.
  expect(await isGiven(anna, cleo, ben, conversation)).toBe(true)
  await anna.client.do('groupRemove', { conversation, account: accountOf(cleo) })
  await until(() => membersIn(anna, conversation).join() === 'Anna,Ben')
  // Nor is anything given to her any more.
  expect(await isGiven(anna, cleo, ben, conversation)).toBe(false)
  const group = groupOf(anna, conversation)
  const next = { conversation: group.id, seq: word.seq, eventId: word.eventId, lamport: word.lamport }
  const later = await signed(hers, next, group.tip.epochId, 'after I was out')
  expect(await hand(anna, conversation, [later])).toBe('refused')
  expect(await hand(anna, conversation, [word, later])).toBe('applied')
  await until(async () => (await texts(anna, conversation)).includes('before'))
  expect(await texts(anna, conversation)).not.toContain('after I was out')
  // Its state is gone: nobody can sign for it any more, whoever helps.
  await group.lane.run(async () => {
    await anna.store.commit([{ delete: 'epochs', key: [conversation, epochId] }])
    group.epochs.forget(epochId)
  })
  expect(await hand(anna, conversation, [await signed(hers, next, epochId, 'backdated')])).toBe('refused')
  expect(await texts(anna, conversation)).not.toContain('backdated')
})

test('whoever asks again and again is given four megabytes an hour, and who came in later nothing from before', async () => {
  const said = Array.from({ length: 20 }, (_, at) => `${String(at)} ${'long '.repeat(3_000)}`)
  const { anna, ben, cleo, conversation, words } = await lost(said)
  const dora = await world.person('Dora')
  await world.meet(anna, dora)
  await anna.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await dora.client.do('accept', { id: request.id })
  await until(() => membersIn(dora, conversation).length === 4)
  const back = await world.person('Ben', { disk: ben.disk, offline: true })
  let given = 0
  while (given < 40 && (await isGiven(back, anna, cleo, conversation))) given += 1
  expect(given).toBeGreaterThan(12)
  expect(given).toBeLessThan(20)
  for (const { kind, inner } of await back.store.list('outbox', { prefix: [conversation] }))
    if (kind === 'served') expect(inner.length).toBeLessThan(270_000)

  await back.client.start()
  await until(() => membersIn(back, conversation).length === 4)
  expect(await isGiven(back, dora, cleo, conversation)).toBe(false)
  // A member that shows it to her all the same only shows what it could show to anybody: she has nothing that opens where it was said.
  await asksBy(dora, conversation)
  expect(await hand(dora, conversation, words.slice(0, 1))).toBe('refused')
  expect(await texts(dora, conversation)).not.toContain(said[0])
})

/** As if that one had asked for something. */
async function asksBy({ client, store }: Person, conversation: string): Promise<void> {
  const { publicKey: publicBytes, privateKey: privateBytes } = await createAskKeys(client.context.engine)
  const invitation = conversation.slice(32) as InvitationId
  const row = { ref: `ask ${conversation}`, invitation, publicBytes, privateBytes, expiresAt: Number.MAX_SAFE_INTEGER }
  await store.commit([{ put: 'keyPackages', row }])
}
