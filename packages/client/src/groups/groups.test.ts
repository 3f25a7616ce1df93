import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOf, membersIn, once, texts, until, World, type Person } from '../../test/world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.end())

/** Anna knows both; Ben and Cleo do not know each other. */
async function three(): Promise<{ anna: Person; ben: Person; cleo: Person }> {
  const [anna, ben, cleo] = (await world.begin(await acquainted())) as [Person, Person, Person]
  return { anna, ben, cleo }
}

const acquainted = once(async (of) => {
  const [anna, ben, cleo] = [await of.person('Anna'), await of.person('Ben'), await of.person('Cleo')]
  await of.meet(anna, ben)
  await of.meet(anna, cleo)
})

/** A group in which everybody has heard everybody. */
async function walks(anna: Person, others: readonly Person[]): Promise<string> {
  const conversation = await world.group('Walks', anna, others)
  for (const person of [anna, ...others]) {
    const text = `I am ${accountOf(person)}`
    await person.client.do('send', { conversation, text })
    for (const other of [anna, ...others]) await until(async () => (await texts(other, conversation)).includes(text))
  }
  return conversation
}

function summary(
  person: Person,
  conversation: string,
): ReturnType<Person['client']['snapshot']['get']>['conversations'][0] {
  const found = person.client.snapshot.get().conversations.find((entry) => entry.conversation === conversation)
  if (found === undefined) throw new Error('no such conversation')
  return found
}

test('three people talk in a group: all say yes, all see the same', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await world.group('Walks', anna, [ben, cleo])
  for (const person of [anna, ben, cleo]) {
    expect(membersIn(person, conversation)).toEqual(['Anna', 'Ben', 'Cleo'])
    expect(summary(person, conversation)).toMatchObject({ kind: 'group', title: 'Walks', rekeying: false })
  }
  for (const [person, text] of [
    [anna, 'from Anna'],
    [ben, 'from Ben'],
    [cleo, 'from Cleo'],
  ] as const) {
    await person.client.do('send', { conversation, text })
    for (const other of [anna, ben, cleo]) await until(async () => (await texts(other, conversation)).includes(text))
  }
  for (const person of [anna, ben, cleo]) {
    expect(await texts(person, conversation)).toEqual(['from Anna', 'from Ben', 'from Cleo'])
  }
})

test('whoever is removed reads nothing from then on, and sees that it is out', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => summary(ben, conversation).phase === 'ended')
  await until(() => membersIn(cleo, conversation).length === 2)
  await anna.client.do('send', { conversation, text: 'without Ben', wait: 'delivered', timeout: 10_000 })
  await until(async () => (await texts(cleo, conversation)).includes('without Ben'))
  expect(await texts(ben, conversation)).not.toContain('without Ben')
  await expect(ben.client.do('send', { conversation, text: 'let me in' })).rejects.toMatchObject({ code: 'ended' })
})

test('whoever is blocked is read in a group on both sides, as before', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await anna.client.do('block', { account: accountOf(ben) })
  await ben.client.do('send', { conversation, text: 'from Ben' })
  await until(async () => (await texts(anna, conversation)).includes('from Ben'))
  await anna.client.do('send', { conversation, text: 'from Anna' })
  await until(async () => (await texts(ben, conversation)).includes('from Anna'))
  for (const person of [anna, ben]) {
    expect((await texts(person, conversation)).slice(-2)).toEqual(['from Ben', 'from Anna'])
  }
})

test('whoever was removed can be asked again, and goes on in the same conversation', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => summary(ben, conversation).phase === 'ended')
  await anna.client.do('send', { conversation, text: 'missed', wait: 'delivered', timeout: 10_000 })
  await anna.client.do('groupAdd', { conversation, account: accountOf(ben) })
  const request = await until(() => ben.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await ben.client.do('accept', { id: request.id })
  await until(() => summary(ben, conversation).phase === 'active')
  await cleo.client.do('send', { conversation, text: 'welcome back' })
  await until(async () => (await texts(ben, conversation)).includes('welcome back'))
  await ben.client.do('send', { conversation, text: 'thanks' })
  await until(async () => (await texts(cleo, conversation)).includes('thanks'))
  expect(await texts(ben, conversation)).not.toContain('missed')
})

test('a member leaves, and the others change the keys', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await ben.client.do('groupLeave', { conversation })
  expect(summary(ben, conversation).phase).toBe('ended')
  await until(() => membersIn(anna, conversation).join() === 'Anna,Cleo')
  await until(() => membersIn(cleo, conversation).join() === 'Anna,Cleo')
  const former = async () => (await cleo.client.do('messages', { conversation, lines: true })).former
  await until(async () => (await former()).length === 1)
  expect(await former()).toEqual([{ account: accountOf(ben), name: 'Ben' }])
  await cleo.client.do('send', { conversation, text: 'bye Ben', wait: 'delivered', timeout: 10_000 })
})

test('an admin, who was appointed, brings somebody in whom the founder does not know', async () => {
  const { anna, ben, cleo } = await three()
  const dora = await world.person('Dora')
  await world.meet(ben, dora)
  const conversation = await walks(anna, [ben, cleo])
  await expect(ben.client.do('groupAdd', { conversation, account: accountOf(dora) })).rejects.toMatchObject({
    code: 'not-allowed',
  })
  await anna.client.do('groupRole', { conversation, account: accountOf(ben), role: 'admin' })
  await until(() => summary(ben, conversation).role === 'admin')
  await ben.client.do('groupAdd', { conversation, account: accountOf(dora) })
  const request = await until(() => dora.client.snapshot.get().requests[0])
  expect(request).toMatchObject({ kind: 'group', name: 'Ben', title: 'Walks' })
  await dora.client.do('accept', { id: request.id })
  for (const person of [anna, ben, cleo, dora]) {
    await until(() => membersIn(person, conversation).join() === 'Anna,Ben,Cleo,Dora')
  }
  await dora.client.do('send', { conversation, text: 'hello all' })
  await until(async () => (await texts(cleo, conversation)).includes('hello all'))
})

test('what happened stands between the messages', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await world.group('Walks', anna, [ben, cleo])
  await anna.client.do('groupRename', { conversation, title: 'Long walks' })
  await until(() => summary(cleo, conversation).title === 'Long walks')
  const view = cleo.client.conversation(conversation)
  const stop = view.subscribe(() => {})
  const rows = await until(() => {
    const { rows: shown } = view.get()
    return shown.some((row) => 'line' in row && row.line === 'renamed') ? shown : undefined
  })
  stop()
  const lines = rows.flatMap((row) => ('line' in row ? [[row.line, row.account ?? row.title]] : []))
  expect(lines).toEqual([
    ['created', 'Walks'],
    ['added', accountOf(ben)],
    ['added', accountOf(cleo)],
    ['renamed', 'Long walks'],
  ])
})

test('a group goes on without any relay between those who are connected', async () => {
  const { anna, ben, cleo } = await three()
  await world.meet(ben, cleo)
  const conversation = await world.group('Walks', anna, [ben, cleo])
  for (const person of [anna, ben, cleo]) await until(() => summary(person, conversation).connection === 'direct')
  world.network.setRelay(world.relay.address, false)
  for (let count = 0; count < 10; count += 1) {
    const sent = await ben.client.do('send', { conversation, text: `${count}`, wait: 'delivered', timeout: 10_000 })
    expect(sent.reached).toBe(true)
  }
  expect(await texts(cleo, conversation)).toHaveLength(10)
})

test('without any relay, members who are not connected reach each other by way of one who is with both', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await until(() => summary(anna, conversation).connection === 'direct')
  expect(summary(ben, conversation).connection).toBe('relayed')
  world.network.setRelay(world.relay.address, false)
  await until(() => summary(ben, conversation).connection === 'partly')
  expect(summary(anna, conversation).connection).toBe('direct')
  for (let count = 0; count < 50; count += 1) {
    const person = [ben, cleo][count % 2] ?? ben
    await person.client.do('send', { conversation, text: `message ${count}` })
  }
  for (const person of [anna, ben, cleo]) {
    await until(
      async () => (await texts(person, conversation)).filter((text) => text.startsWith('message')).length === 50,
    )
  }
  const isByGossip = ben.facts.some((fact) => fact.type === 'message' && fact.via === 'gossip')
  expect(isByGossip).toBe(true)
})

test('what the founder decided while away from any relay happens as soon as one is there', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await anna.client.do('sync', {})
  await world.stop(anna)
  const offline = await world.person('Anna', { disk: anna.disk, offline: true })
  await offline.client.do('groupRemove', { conversation, account: accountOf(ben) })
  expect(summary(offline, conversation)).toMatchObject({ rekeying: true })
  await world.stop(offline)
  const back = await world.person('Anna', { disk: anna.disk })
  expect(await back.client.do('sync', { timeout: 10_000 })).toMatchObject({ complete: true })
  expect(summary(back, conversation).rekeying).toBe(false)
  await until(() => summary(ben, conversation).phase === 'ended')
  await until(() => membersIn(cleo, conversation).join() === 'Anna,Cleo')
})

test('without any relay, whoever is removed is told over the path that is there', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await walks(anna, [ben, cleo])
  await until(() => summary(anna, conversation).connection === 'direct')
  world.network.setRelay(world.relay.address, false)
  await anna.client.do('groupRemove', { conversation, account: accountOf(ben) })
  await until(() => summary(ben, conversation).phase === 'ended')
  await until(() => membersIn(cleo, conversation).join() === 'Anna,Cleo')
  expect(membersIn(anna, conversation)).toEqual(['Anna', 'Cleo'])
})

test('the keys of the tip are used after a restart, whatever the clock said when they were made', async () => {
  const { anna, ben, cleo } = await three()
  const conversation = await world.group('Walks', anna, [ben])
  world.clock.jump(-3_600_000)
  await anna.client.do('groupAdd', { conversation, account: accountOf(cleo) })
  const request = await until(() => cleo.client.snapshot.get().requests[0])
  await cleo.client.do('accept', { id: request.id })
  for (const person of [anna, cleo]) await until(() => membersIn(person, conversation).length === 3)
  const { id } = anna.client.get(conversation as never).generation
  await world.stop(anna)
  const back = await world.person('Anna', { disk: anna.disk })
  expect(back.client.get(conversation as never).generation.id).toBe(id)
  await back.client.do('send', { conversation, text: 'under the new keys' })
  await until(async () => (await texts(cleo, conversation)).includes('under the new keys'))
})

test('what was said before anybody was in is not delivered because somebody comes in', async () => {
  const { anna, ben } = await three()
  const { conversation } = await anna.client.do('groupCreate', { title: 'Walks', members: [accountOf(ben)] })
  await anna.client.do('send', { conversation, text: 'to nobody', wait: 'sent', timeout: 10_000 })
  const request = await until(() => ben.client.snapshot.get().requests.find(({ kind }) => kind === 'group'))
  await ben.client.do('accept', { id: request.id })
  await until(() => membersIn(anna, conversation).length === 2)
  await anna.client.do('send', { conversation, text: 'to Ben', wait: 'delivered', timeout: 10_000 })
  const { rows } = await anna.client.do('messages', { conversation })
  expect(rows.map((row) => ('text' in row ? [row.text, row.state] : []))).toEqual([
    ['to nobody', 'sent'],
    ['to Ben', 'delivered'],
  ])
})
